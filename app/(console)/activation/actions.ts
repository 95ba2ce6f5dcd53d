"use server";
import { z } from "zod";
import { act, type Done, type NotDone, reason } from "@/app/(console)/act";
import {
  bulkBody,
  confirmationBody,
  credentialsBody,
  decisionBody,
  releaseBody,
  repointBody,
  takeOverBody,
} from "@/lib/api/schemas";
import { renewToken as renewTokenIn } from "@/lib/connections/credential-store";
import {
  releaseConnection as releaseConnectionIn,
  repointSide as repointSideIn,
} from "@/lib/connections/hold-store";
import { database } from "@/lib/db/database";
import {
  decide as decideIn,
  revokeDecision as revokeDecisionIn,
} from "@/lib/identity/decision-store";
import { confirmInstance as confirmInstanceIn } from "@/lib/identity/instance-store";
import { takeOver as takeOverIn } from "@/lib/identity/take-over-store";
import { actOnFilter as actOnFilterIn, undoAct as undoActIn } from "@/lib/sync-queue/bulk-store";

/** What decides who we are and where we write: not by whoever finds a console open. */
const ASKS = { asksPassword: true };
const id = z.number().int().positive().max(2_147_483_647);

/** The same node, a copy, or nothing for now. A copy ends every session, this one too. */
export async function decide(raw: unknown): Promise<Done | NotDone> {
  const input = decisionBody.extend({ reason });
  return act(
    "gate:operate",
    input,
    raw,
    async (decided, by) => {
      await decideIn(database(), { ...decided, by });
      return { ok: true };
    },
    ASKS,
  );
}

/** Takes a decision back, until the first activation after it. */
export async function revokeDecision(raw: unknown): Promise<Done | NotDone> {
  return act("gate:operate", z.object({ verdictId: id, reason }), raw, async (input, by) => {
    await revokeDecisionIn(database(), { ...input, by });
    return { ok: true };
  });
}

/** Declares that another node's sign of life counts as ours. */
export async function takeOver(raw: unknown): Promise<Done | NotDone> {
  const input = takeOverBody.extend({ reason });
  return act(
    "gate:operate",
    input,
    raw,
    async (taken, by) => {
      await takeOverIn(database(), { ...taken, by });
      return { ok: true };
    },
    ASKS,
  );
}

/** Lets a held connection be used as it is. */
export async function releaseConnection(raw: unknown): Promise<Done | NotDone> {
  return act(
    "gate:operate",
    releaseBody.extend({ id }),
    raw,
    async (input, by) => {
      await releaseConnectionIn(database(), { ...input, by });
      return { ok: true };
    },
    ASKS,
  );
}

/** Points one side of a connection at another instance. */
export async function repointSide(raw: unknown): Promise<Done | NotDone> {
  return act(
    "connections:write",
    repointBody.extend({ id }),
    raw,
    async (input, by) => {
      await repointSideIn(database(), { ...input, by });
      return { ok: true };
    },
    ASKS,
  );
}

/** Says that an instance is the one that is meant. */
export async function confirmInstance(raw: unknown): Promise<Done | NotDone> {
  return act("connections:write", confirmationBody.extend({ id }), raw, async (input, by) => {
    await confirmInstanceIn(database(), { ...input, by });
    return { ok: true };
  });
}

/** Keeps another access token for an instance. */
export async function renewToken(raw: unknown): Promise<Done | NotDone> {
  return act(
    "connections:write",
    credentialsBody.extend({ id }),
    raw,
    async (input, by) => {
      await renewTokenIn(database(), { instanceId: input.id, token: input.token, by });
      return { ok: true };
    },
    ASKS,
  );
}

/** Releases or discards everything that matches a filter. */
export async function actOnFilter(raw: unknown): Promise<Done | NotDone> {
  return act("queue:act", bulkBody.extend({ reason }), raw, async (input, by) => {
    const { changed, undoId } = await actOnFilterIn(database(), { ...input, by });
    return changed > 0
      ? { ok: true, changed, undoId }
      : { ok: false, message: "Nothing matches any more." };
  });
}

/** Undoes a bulk action within ten minutes. */
export async function undoAct(raw: unknown): Promise<Done | NotDone> {
  return act("queue:act", z.object({ undoId: z.uuid() }), raw, async ({ undoId }, by) => {
    return { ok: true, changed: await undoActIn(database(), { undoId, by }) };
  });
}
