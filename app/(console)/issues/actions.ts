"use server";
import { z } from "zod";
import { type Answer, act, type Done, look, type NotDone, reason } from "@/app/(console)/act";
import { lookUpQuery, pairBody } from "@/lib/api/schemas";
import { linkPair } from "@/lib/connections/connection-store";
import { lookUpIssue } from "@/lib/connections/look-up-store";
import { sharedNetwork } from "@/lib/connections/network";
import type { LookedUp } from "@/lib/connections/setup";
import { inWords } from "@/lib/connections/setup-store";
import { database } from "@/lib/db/database";
import { askForSync, startPair, stopPair } from "@/lib/pairs/act-store";
import { decideConflicts, undoDecision } from "@/lib/pairs/choice-store";

const id = z.number().int().positive().max(2_147_483_647);
const pair = z.object({ id, reason });
const decision = z.object({
  id,
  reason,
  choices: z
    .array(
      z.object({
        field: z.string().min(1).max(200),
        side: z.enum(["local", "remote"]),
        digest: z.string().max(40),
      }),
    )
    .min(1)
    .max(200),
});

/** Has both issues of a pair read anew, and what differs sent as usual. */
export async function syncPairNow(raw: unknown): Promise<Done | NotDone> {
  return act("queue:act", pair, raw, async (input, by) => {
    await askForSync(database(), { ...input, by });
    return { ok: true };
  });
}

/** Ends the sync of a pair; both issues stay as they are. */
export async function stopPairSync(raw: unknown): Promise<Done | NotDone> {
  return act("connections:write", pair, raw, async (input, by) => {
    await stopPair(database(), { ...input, by });
    return { ok: true };
  });
}

/** Starts the sync of a stopped pair again, where it left off. */
export async function startPairSync(raw: unknown): Promise<Done | NotDone> {
  return act("connections:write", pair, raw, async (input, by) => {
    await startPair(database(), { ...input, by });
    return { ok: true };
  });
}

/** Keeps what a person chose in a conflict. `changed`: how many fields are left to choose. */
export async function decidePairConflicts(raw: unknown): Promise<Done | NotDone> {
  return act("queue:act", decision, raw, async ({ id: pairId, ...input }, by) => {
    const { left } = await decideConflicts(database(), { pairId, ...input, by });
    return { ok: true, changed: left };
  });
}

/** Takes choices back that have not been sent. */
export async function undoPairDecision(raw: unknown): Promise<Done | NotDone> {
  return act("queue:act", pair, raw, async ({ id: pairId }, by) => {
    await undoDecision(database(), { pairId, by });
    return { ok: true };
  });
}

/** One issue of a side by its key, before it is linked. */
export async function lookUpForLink(raw: unknown): Promise<Answer<LookedUp>> {
  return look("connections:write", lookUpQuery.extend({ id }), raw, (input) =>
    lookUpIssue(database(), sharedNetwork(), input),
  );
}

/** Makes two issues that exist already a pair. */
export async function linkTwoIssues(raw: unknown): Promise<Answer<{ pairId: number }>> {
  let linked: { pairId: number } | undefined;
  const result = await act("connections:write", pairBody, raw, async (input, by) => {
    linked = await inWords(() => linkPair(database(), input, by, sharedNetwork()));
    return { ok: true };
  });
  return result.ok && linked ? { ok: true, value: linked } : (result as NotDone);
}
