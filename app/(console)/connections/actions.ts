"use server";
import { z } from "zod";
import { type Answer, act, type Done, look, type NotDone, reason } from "@/app/(console)/act";
import {
  connectionBody,
  existingQuery,
  instanceBody,
  leavingBody,
  textFormatBody,
} from "@/lib/api/schemas";
import {
  changeConnection as changeConnectionIn,
  deleteConnection as deleteConnectionIn,
  pauseConnection as pauseConnectionIn,
  resumeConnection as resumeConnectionIn,
} from "@/lib/connections/change-store";
import { createConnection as createConnectionIn } from "@/lib/connections/connection-store";
import { renewWebhookSecret as renewWebhookSecretIn } from "@/lib/connections/credential-store";
import {
  bringInExisting as bringInExistingIn,
  countExisting as countExistingIn,
} from "@/lib/connections/existing-store";
import { findLeaving as findLeavingIn } from "@/lib/connections/leaving-store";
import { sharedNetwork } from "@/lib/connections/network";
import type {
  Compared,
  Existing,
  FirstPlans,
  KnownInstance,
  Leaving,
  ProjectChoice,
  Tried,
  Triggered,
} from "@/lib/connections/setup";
import {
  addInstance as addInstanceIn,
  compareSides as compareSidesIn,
  planFirst as planFirstIn,
  readProjects as readProjectsIn,
  readTypes as readTypesIn,
  tryInstance as tryInstanceIn,
  tryTrigger as tryTriggerIn,
} from "@/lib/connections/setup-store";
import { changeTextFormat as changeTextFormatIn } from "@/lib/connections/text-format-store";
import { WANTS } from "@/lib/connections/webhook-rules";
import { wantWebhook as wantWebhookIn } from "@/lib/connections/webhook-store";
import { database } from "@/lib/db/database";
import { env } from "@/lib/env";
import { mappingSchema } from "@/lib/sync/mapping-schema";
import { FIRST_MEETINGS, POLICIES } from "@/lib/sync/policies";

const id = z.number().int().positive().max(2_147_483_647);
const place = z.strictObject({
  instance: id,
  project: z.string().trim().min(1).max(255),
  issueType: z.string().trim().min(1).max(255),
  trigger: z.string().trim().min(1).max(4_000).optional(),
});
const places = z.strictObject({ local: place, remote: place });
const MAY = "connections:write";

/** Tries an address and a token, step by step. Keeps nothing. */
export async function tryInstance(raw: unknown): Promise<Answer<Tried>> {
  return look(MAY, instanceBody, raw, (input) => tryInstanceIn(sharedNetwork(), input, new Date()));
}

/** Keeps an instance that was tried. */
export async function addInstance(raw: unknown): Promise<Answer<KnownInstance>> {
  let added: KnownInstance | undefined;
  const result = await act(MAY, instanceBody, raw, async (input, by) => {
    added = await addInstanceIn(database(), sharedNetwork(), input, by);
    return { ok: true };
  });
  return result.ok ? { ok: true, value: added as KnownInstance } : result;
}

/** The projects that our account sees at an instance. */
export async function readProjects(raw: unknown): Promise<Answer<ProjectChoice[]>> {
  return look(MAY, z.strictObject({ instance: id }), raw, ({ instance }) =>
    readProjectsIn(database(), sharedNetwork(), instance),
  );
}

/** The types of issue of a project. */
export async function readTypes(raw: unknown): Promise<Answer<string[]>> {
  return look(MAY, place.pick({ instance: true, project: true }), raw, (input) =>
    readTypesIn(database(), sharedNetwork(), input),
  );
}

/** What issues of both sides look like, and a mapping to begin with. */
export async function compareSides(raw: unknown): Promise<Answer<Compared>> {
  return look(MAY, places, raw, (input) => compareSidesIn(database(), sharedNetwork(), input));
}

/** How many issues a trigger names now, and the newest of them. */
export async function tryTrigger(raw: unknown): Promise<Answer<Triggered>> {
  const input = z.strictObject({ places, side: z.enum(["local", "remote"]) });
  return look(MAY, input, raw, ({ places: both, side }) =>
    tryTriggerIn(database(), sharedNetwork(), both, side),
  );
}

/** Which pairs of a connection a search would not name. */
export async function findLeavingPairs(raw: unknown): Promise<Answer<Leaving>> {
  const input = leavingBody.extend({ id });
  return look(MAY, input, raw, (asked) => findLeavingIn(database(), sharedNetwork(), asked));
}

/** What would be sent first. */
export async function planFirst(raw: unknown): Promise<Answer<FirstPlans>> {
  const input = connectionBody
    .pick({ policy: true, firstMeeting: true })
    .extend({ mapping: mappingSchema, places });
  return look(MAY, input, raw, (draft) => planFirstIn(database(), sharedNetwork(), draft));
}

/** Keeps a connection. Detection starts with it; nothing is sent before an activation. */
export async function createConnection(raw: unknown): Promise<Answer<{ id: number }> | NotDone> {
  let made: { id: number } | undefined;
  const result: Done | NotDone = await act(MAY, connectionBody, raw, async (input, by) => {
    const { id: connection } = await createConnectionIn(database(), input, by);
    made = { id: connection };
    return { ok: true };
  });
  return result.ok && made ? { ok: true, value: made } : (result as NotDone);
}

/** Halts one connection, for a while or until somebody resumes it. */
export async function pauseConnection(raw: unknown): Promise<Done | NotDone> {
  const input = z.strictObject({
    id,
    reason,
    forMinutes: z.number().int().min(1).max(43_200).optional(),
  });
  return act(MAY, input, raw, async (paused, by) => {
    await pauseConnectionIn(database(), { ...paused, by });
    return { ok: true };
  });
}

/** Lets a paused connection go on. */
export async function resumeConnection(raw: unknown): Promise<Done | NotDone> {
  return act(MAY, z.strictObject({ id, reason }), raw, async (input, by) => {
    await resumeConnectionIn(database(), { ...input, by });
    return { ok: true };
  });
}

/** Changes what was agreed, if it is still what was shown; what waits is planned anew. */
export async function changeConnection(raw: unknown): Promise<Done | NotDone> {
  const trigger = z.string().trim().max(4_000).nullable();
  const input = z.strictObject({
    id,
    reason,
    mapping: mappingSchema,
    policy: z.enum(POLICIES),
    firstMeeting: z.enum(FIRST_MEETINGS),
    concurrency: z.number().int().min(1).max(50),
    triggers: z.strictObject({ local: trigger, remote: trigger }),
    quiet: z.strictObject({ local: z.boolean(), remote: z.boolean() }),
    agreedVersion: z.number().int().min(1),
  });
  return act(MAY, input, raw, async (changed, by) => {
    await changeConnectionIn(database(), { ...changed, by });
    return { ok: true };
  });
}

/** Says which markup the texts of an instance have, if it is still the one that was shown. */
export async function changeTextFormat(raw: unknown): Promise<Done | NotDone> {
  return act(MAY, textFormatBody.extend({ id }), raw, async (input, by) => {
    await changeTextFormatIn(database(), { ...input, by });
    return { ok: true };
  });
}

/** Ends a connection; issues stay as they are at both sides. */
export async function deleteConnection(raw: unknown): Promise<Done | NotDone> {
  const input = z.strictObject({ id, reason, typedName: z.string().max(200) });
  return act(
    MAY,
    input,
    raw,
    async (deleted, by) => {
      await deleteConnectionIn(database(), { ...deleted, by });
      return { ok: true };
    },
    { asksPassword: true },
  );
}

/** Notes what is wanted of the webhook at an instance; a worker carries it out while the gate is open. */
export async function wantWebhook(raw: unknown): Promise<Done | NotDone> {
  const input = z.strictObject({ id, side: z.enum(["local", "remote"]), want: z.enum(WANTS) });
  return act(MAY, input, raw, async (wanted, by) => {
    await wantWebhookIn(database(), { ...wanted, consoleUrl: env().CONSOLE_URL, by });
    return { ok: true };
  });
}

/** Another secret for a connection's webhooks, and the key made from it: shown this once. */
export async function renewWebhookSecret(
  raw: unknown,
): Promise<Answer<{ webhookSecret: string; webhookKey: string }>> {
  let made: { webhookSecret: string; webhookKey: string } | undefined;
  const result = await act(MAY, z.strictObject({ id }), raw, async (input, by) => {
    made = await renewWebhookSecretIn(database(), { connectionId: input.id, by });
    return { ok: true };
  });
  return result.ok && made ? { ok: true, value: made } : (result as NotDone);
}

/** How many issues a side's trigger names now, and how many of them are under sync already. */
export async function countExisting(raw: unknown): Promise<Answer<Existing>> {
  return look("queue:act", existingQuery.extend({ id }), raw, (input) =>
    countExistingIn(database(), sharedNetwork(), input),
  );
}

/** Has the next poll of a side bring in everything that its trigger names. */
export async function bringInExisting(raw: unknown): Promise<Done | NotDone> {
  return act("queue:act", existingQuery.extend({ id, reason }), raw, async (input, by) => {
    await bringInExistingIn(database(), { ...input, by });
    return { ok: true };
  });
}
