"use server";
import { z } from "zod";
import { type Answer, act, type Done, type NotDone } from "@/app/(console)/act";
import {
  changePassword as changePasswordIn,
  changeRole as changeRoleIn,
  endOtherSessions as endOtherSessionsIn,
  endSessionOf as endSessionOfIn,
  endSessionsOf as endSessionsOfIn,
  invite as inviteIn,
  setDisabled as setDisabledIn,
} from "@/lib/access/people-store";
import { ROLES } from "@/lib/access/permissions";
import {
  createToken as createTokenIn,
  revokeToken as revokeTokenIn,
} from "@/lib/access/token-store";
import { viewer } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { env } from "@/lib/env";

const id = z.number().int().positive().max(2_147_483_647);
const role = z.enum(ROLES);
/** Who may come in is decided by nobody who finds a console open. */
const ASKS = { asksPassword: true };

/** Invites somebody; the answer holds the link, this once. */
export async function invitePerson(raw: unknown): Promise<Answer<{ link: string }>> {
  const input = z.strictObject({
    name: z.string().trim().min(1).max(100),
    email: z.email().transform((email) => email.trim().toLowerCase()),
    role,
  });
  let token = "";
  const result = await act(
    "access:manage",
    input,
    raw,
    async (person, by) => {
      token = await inviteIn(database(), { ...person, by });
      return { ok: true };
    },
    ASKS,
  );
  return result.ok
    ? { ok: true, value: { link: `${env().CONSOLE_URL}/invited?token=${token}` } }
    : result;
}

/** Gives somebody another role. */
export async function changeRole(raw: unknown): Promise<Done | NotDone> {
  return act(
    "access:manage",
    z.strictObject({ id, role }),
    raw,
    async (input, by) => {
      await changeRoleIn(database(), { ...input, by });
      return { ok: true };
    },
    ASKS,
  );
}

/** Locks somebody out, or lets them in again. */
export async function setPersonDisabled(raw: unknown): Promise<Done | NotDone> {
  return act(
    "access:manage",
    z.strictObject({ id, disabled: z.boolean() }),
    raw,
    async (input, by) => {
      await setDisabledIn(database(), { ...input, by });
      return { ok: true };
    },
    ASKS,
  );
}

/** Ends all sessions of somebody. */
export async function endPersonSessions(raw: unknown): Promise<Done | NotDone> {
  return act("access:manage", z.strictObject({ id }), raw, async (input, by) => ({
    ok: true,
    changed: await endSessionsOfIn(database(), { ...input, by }),
  }));
}

/** Makes a token for a program; the answer holds it, this once. */
export async function createToken(raw: unknown): Promise<Answer<{ token: string }>> {
  const input = z.strictObject({
    name: z.string().trim().min(1).max(80),
    role,
    days: z.number().int().min(1).max(3_650).nullable(),
  });
  let token = "";
  const result = await act(
    "access:manage",
    input,
    raw,
    async (wanted, by) => {
      token = await createTokenIn(database(), { ...wanted, by });
      return { ok: true };
    },
    ASKS,
  );
  return result.ok ? { ok: true, value: { token } } : result;
}

/** Ends a program's token. */
export async function revokeToken(raw: unknown): Promise<Done | NotDone> {
  return act("access:manage", z.strictObject({ id }), raw, async (input, by) => {
    await revokeTokenIn(database(), { ...input, by });
    return { ok: true };
  });
}

/** Ends one of one's own sessions, but not the present one. */
export async function endMySession(raw: unknown): Promise<Done | NotDone> {
  return act("gate:read", z.strictObject({ id: z.uuid() }), raw, async (session, by) => {
    const person = await viewer();
    if (!person) return { ok: false, message: "Your session has ended. Sign in again." };
    if (session.id === person.sessionId)
      return { ok: false, message: "You are in this session: sign out to end it." };
    await endSessionOfIn(database(), { userId: person.id, sessionId: session.id, by });
    return { ok: true };
  });
}

/** Ends one's own sessions but the present one. */
export async function endOtherSessions(): Promise<Done | NotDone> {
  return act("gate:read", z.undefined(), undefined, async (_, by) => {
    const person = await viewer();
    if (!person) return { ok: false, message: "Your session has ended. Sign in again." };
    const { id: userId, sessionId: presentId } = person;
    return { ok: true, changed: await endOtherSessionsIn(database(), { userId, presentId, by }) };
  });
}

/** A new password of one's own. */
export async function changeMyPassword(raw: unknown): Promise<Done | NotDone> {
  const input = z.strictObject({
    old: z.string().max(200),
    next: z.string().min(12, "at least 12 characters").max(200),
  });
  return act("gate:read", input, raw, async (passwords) => {
    const person = await viewer();
    if (!person) return { ok: false, message: "Your session has ended. Sign in again." };
    const answer = await changePasswordIn(database(), person, passwords);
    if (answer === "right") return { ok: true };
    const message =
      answer === "wrong"
        ? "The present password is another one."
        : `Too many tries: wait ${answer.waitSeconds} seconds.`;
    return { ok: false, message: `${message} Nothing was changed.` };
  });
}
