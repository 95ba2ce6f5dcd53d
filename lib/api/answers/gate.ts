import { z } from "zod";
import { cappedCount, count, fence, gateState, id, moment, named } from "@/lib/api/answers/common";
import { AGE_BUCKETS } from "@/lib/gate/overview";
import { VERDICTS } from "@/lib/identity/verdict";
import { ENVIRONMENT_COLOURS } from "@/lib/settings/environment";
import { DIRECTIONS } from "@/lib/sync-queue/row";

const worker = z
  .object({
    id: z.uuid(),
    host: z.string(),
    pid: z.int(),
    startedAt: moment,
    seenAt: moment,
    doing: z.string(),
    isSilent: z.boolean().describe("No sign of life for a while, and not known to have stopped."),
  })
  .meta({ id: "Worker" });

export const gateStatusAnswer = z
  .object({
    state: gateState,
    fence,
    since: moment,
    by: z.string().nullable(),
    reason: z.string().nullable(),
    waiting: cappedCount.describe("Everything not yet in step."),
    ready: cappedCount.describe("Of these: what an activation would send, or this one does."),
    held: cappedCount,
    failed: cappedCount,
    oldestWaitingAt: moment.nullable(),
    openPermits: count.describe("Writes on the wire just now."),
    workers: z.array(worker),
    stoppedConnections: z.array(
      z.object({ id, name: z.string(), code: z.string(), message: z.string() }),
    ),
    sentSinceOpening: cappedCount,
    perMinute: z.number().min(0),
    label: z.string().nullable(),
    colour: z.enum(ENVIRONMENT_COLOURS).nullable().describe("Of the label."),
    consoleUrl: z.string().nullable(),
    decisionDue: z.object({ kind: z.enum(VERDICTS), sentence: z.string() }).nullable(),
    copyOf: z.string().nullable().describe("The identity of the node that this one is a copy of."),
    claimTroubles: z.array(
      z.object({ instance: z.string(), kind: z.enum(["alive", "newer", "contested"]) }),
    ),
    heldConnections: count,
    scope: z.array(id).describe("The connections of this opening; empty means all."),
    now: moment,
  })
  .meta({ id: "GateStatus" });

export const gateAnswer = z.object({ state: gateState, fence }).meta({ id: "Gate" });

export const openedAnswer = z.object({
  fence,
  workersWoken: z
    .boolean()
    .describe(
      "`false`: no worker answered. The gate is open all the same, and workers look by themselves.",
    ),
});

const connectionHealth = z
  .object({
    id,
    name: z.string(),
    local: z.object({
      instance: z.string(),
      project: z.string().nullable(),
      polledAt: moment.nullable(),
    }),
    remote: z.object({
      instance: z.string(),
      project: z.string().nullable(),
      polledAt: moment.nullable(),
    }),
    health: z.enum(["well", "recovering", "stopped"]),
    error: z.object({ code: z.string(), message: z.string(), at: moment.nullable() }).nullable(),
    retryAt: moment.nullable(),
    pairs: cappedCount,
    waiting: count,
    failed: count,
  })
  .meta({ id: "ConnectionHealth" });

export const overviewAnswer = z
  .object({
    backlog: z.array(
      z.object({ connection: named, direction: z.enum(DIRECTIONS).nullable(), waiting: count }),
    ),
    ages: z.array(z.object({ bucket: z.enum(AGE_BUCKETS), waiting: count })),
    connections: z.array(connectionHealth),
    gateChanges: z.array(
      z.object({
        id,
        kind: z.enum(["opened", "closing", "closed", "new_incarnation"]),
        state: gateState,
        epoch: z.int(),
        at: moment,
        by: z.string().nullable(),
        reason: z.string().nullable(),
      }),
    ),
    errors: z.array(
      z.object({
        entryId: id,
        issueKey: z.string(),
        summary: z.string(),
        connection: named,
        state: z.enum(["failed", "retrying"]),
        code: z.string(),
        message: z.string(),
        at: moment,
      }),
    ),
    runs: z.array(
      z.object({
        id,
        pairId: id,
        issueKey: z.string(),
        twinKey: z.string().nullable().describe("At the other side; null where there is none."),
        summary: z.string(),
        connection: named,
        outcome: z.string(),
        writes: count,
        words: z.string().nullable(),
        endedAt: moment,
      }),
    ),
    throughput: z
      .array(z.object({ at: moment, writes: count }))
      .describe("Writes that instances confirmed, per quarter of an hour, oldest first."),
    now: moment,
  })
  .meta({ id: "Overview" });
