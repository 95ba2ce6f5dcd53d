"use server";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { act, type Done, type NotDone, reason } from "@/app/(console)/act";
import { endSession } from "@/lib/access/session-store";
import { confirmPassword } from "@/lib/access/sign-in";
import { retryConnection } from "@/lib/connections/connection-store";
import { sessionCookie } from "@/lib/data/auth-options";
import { viewer } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { activate, deactivate } from "@/lib/gate/gate-store";
import { kickWorkers } from "@/lib/gate/kick";
import * as queue from "@/lib/sync-queue/queue-store";

/** Opening and what decides who we are: not by whoever finds a console open. */
const ASKS = { asksPassword: true };
const fence = z.object({ incarnation: z.string().max(100), epoch: z.number().int() });
const activation = z.object({
  fence,
  reason,
  /** Left out means all; a list that came out empty does not. */
  scope: z.array(z.number().int().positive().max(2_147_483_647)).min(1).max(1_000).optional(),
});
const deactivation = z.object({ reason });
const entries = z.object({ ids: z.array(z.number().int().positive()).min(1).max(500), reason });
const connection = z.object({ id: z.number().int().positive() });

/** Opens the gate if the fence that was shown is still the gate's, then wakes the workers. */
export async function activateSync(raw: unknown): Promise<Done | NotDone> {
  return act(
    "gate:operate",
    activation,
    raw,
    async (input, by) => {
      const answer = await activate(database(), { ...input, by });
      if ("refused" in answer) return { ok: false, message: answer.refused };
      return { ok: true, workersWoken: await kickWorkers() };
    },
    ASKS,
  );
}

/** Begins to close the gate; the page follows until nothing is on the wire. */
export async function deactivateSync(raw: unknown): Promise<Done | NotDone> {
  return act("gate:operate", deactivation, raw, async (input, by) => {
    await deactivate(database(), { ...input, by });
    return { ok: true };
  });
}

/** Keeps entries back until somebody releases them. Entries in another state are skipped, not failed. */
export async function holdEntries(raw: unknown): Promise<Done | NotDone> {
  return changeEntries(raw, queue.hold);
}

/** Lets held entries go. */
export async function releaseEntries(raw: unknown): Promise<Done | NotDone> {
  return changeEntries(raw, queue.release);
}

/** Tries failed entries again now. */
export async function retryEntries(raw: unknown): Promise<Done | NotDone> {
  return changeEntries(raw, queue.retry);
}

/** Takes entries off the queue without sending them. */
export async function discardEntries(raw: unknown): Promise<Done | NotDone> {
  return changeEntries(raw, queue.discard);
}

/** Lets a stopped connection be tried again now. */
export async function retryConnectionNow(raw: unknown): Promise<Done | NotDone> {
  return act("connections:retry", connection, raw, async ({ id }, by) => {
    const isRetried = await retryConnection(database(), id, by);
    return isRetried ? { ok: true } : { ok: false, message: "This connection has not stopped." };
  });
}

/** Ends the session, not only its cookie. */
export async function signOutAction(): Promise<void> {
  const signedIn = await viewer();
  if (signedIn) await endSession(database(), signedIn.sessionId);
  const { name, isSecure } = await sessionCookie();
  // Browsers take a `__Secure-` cookie away only when told so securely.
  (await cookies()).set(name, "", { maxAge: 0, path: "/", httpOnly: true, secure: isSecure });
  redirect("/sign-in");
}

async function changeEntries(raw: unknown, verb: typeof queue.hold): Promise<Done | NotDone> {
  return act("queue:act", entries, raw, async ({ ids, reason: why }, by) => {
    const changed = await verb(database(), ids, { by, reason: why });
    if (changed > 0) return { ok: true, changed };
    return { ok: false, message: "Nothing was changed: it is in another state by now." };
  });
}

/** Enters the password again for what asks for it. */
export async function confirmPasswordAgain(raw: unknown): Promise<Done | NotDone> {
  return act(
    "gate:read",
    z.object({ password: z.string().min(1).max(200) }),
    raw,
    async ({ password }) => {
      const person = await viewer();
      if (!person) return { ok: false, message: "Your session has ended. Sign in again." };
      const answer = await confirmPassword(database(), person, password);
      if (answer === "right") return { ok: true };
      return answer === "wrong"
        ? { ok: false, message: "That is not your password." }
        : { ok: false, message: `Too many tries: wait ${answer.waitSeconds} seconds.` };
    },
  );
}
