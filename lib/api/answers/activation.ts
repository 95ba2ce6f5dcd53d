import { z } from "zod";
import {
  cappedCount,
  count,
  fence,
  gateState,
  id,
  moment,
  named,
  side,
} from "@/lib/api/answers/common";
import { planAnswer } from "@/lib/api/answers/plan";
import { DECISIONS } from "@/lib/identity/activation";
import { VERDICTS } from "@/lib/identity/verdict";

const finding = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("listening"), readyAt: moment.nullable() }),
    z.object({ kind: z.literal("free"), since: moment }),
    z.object({ kind: z.literal("ours"), at: moment.nullable() }),
    z.object({ kind: z.literal("held"), at: moment.nullable() }),
    z.object({
      kind: z.literal("newer"),
      seenAt: moment,
      console: z.string().nullable(),
      readyAt: moment.nullable(),
    }),
    z.object({ kind: z.literal("alive"), movedAt: moment, console: z.string().nullable() }),
    z.object({ kind: z.literal("contested"), seenAt: moment, console: z.string().nullable() }),
    z.object({ kind: z.literal("no_place"), why: z.string() }),
    z.object({ kind: z.literal("unreadable"), why: z.string() }),
  ])
  .meta({ id: "ClaimFinding" });

const fact = z.object({
  name: z.string(),
  then: z.string().nullable(),
  now: z.string().nullable(),
  grade: z.enum(["same", "weak", "strong"]),
});

const verdict = z
  .object({
    id,
    at: moment,
    kind: z.enum(VERDICTS),
    sentence: z.string(),
    facts: z.array(fact),
    needsDecision: z.boolean(),
    decision: z
      .object({
        kind: z.enum(DECISIONS),
        by: z.string(),
        at: moment,
        reason: z.string().nullable(),
        isRevocable: z.boolean(),
      })
      .nullable(),
  })
  .meta({ id: "Verdict" });

const byDirection = { toRemote: count, toLocal: count, both: count, unplanned: count };

const waiting = z.object({
  connection: named,
  ...byDirection,
  inherited: count,
  held: count,
  setAside: count,
  failed: count,
  oldestAt: moment.nullable(),
  ready: z.object(byDirection),
});

const plans = z
  .object({
    connection: named,
    ready: cappedCount,
    totals: z.object({
      entries: cappedCount,
      creates: count,
      updates: count,
      transitions: count,
      comments: count,
      attachments: count,
      worklogs: count,
      links: count,
      overwrites: count,
      empties: count,
      notPlanned: count,
      mails: count.describe("That the instances send for it, at the least."),
      mailsUnknown: count.describe("Issues of which nobody can know how many mails they cause."),
    }),
    entries: z.array(
      z.object({
        entryId: id,
        pairId: id,
        issueKey: z.string(),
        twinKey: z.string().nullable(),
        summary: z.string(),
        connection: named,
        words: z.string(),
        plan: planAnswer.nullable(),
        isInherited: z.boolean(),
      }),
    ),
  })
  .meta({ id: "ConnectionPlans" });

export const activationAnswer = z
  .object({
    now: moment,
    gate: z.object({
      state: gateState,
      fence,
      since: moment,
      by: z.string().nullable(),
      reason: z.string().nullable(),
    }),
    node: z.object({
      identity: z.string(),
      label: z.string().nullable(),
      console: z.string().nullable(),
      copyOf: z.string().nullable(),
    }),
    verdict: verdict.nullable(),
    claims: z.array(z.object({ instance: named, project: z.string(), finding })),
    heldConnections: z.array(
      z.object({
        id,
        name: z.string(),
        heldAt: moment,
        sides: z.array(
          z.object({
            side,
            instance: z.string(),
            address: z.string(),
            project: z.string(),
            isHeld: z.boolean(),
          }),
        ),
      }),
    ),
    unconfirmed: z.array(
      z.object({
        id,
        name: z.string(),
        address: z.string(),
        reported: z.string(),
        confirmed: z
          .object({
            address: z.string(),
            reported: z.string(),
            applicationId: z.string().nullable(),
          })
          .nullable(),
        applicationId: z.string().nullable(),
      }),
    ),
    unlinked: z.array(
      z.object({
        id,
        connection: z.string(),
        localKey: z.string().nullable(),
        remoteKey: z.string().nullable(),
        reason: z.string(),
        at: moment,
      }),
    ),
    unverifiedPairs: count,
    isAnythingPaired: z.boolean().describe("At least one issue is under sync."),
    foreignEvents: z.array(
      z.object({
        connection: z.string(),
        side: z.string(),
        base: z.string(),
        events: count,
        lastAt: moment,
      }),
    ),
    waiting: z.array(waiting),
    plans: z.array(plans),
    unreadable: z
      .object({ instances: z.array(named), webhooks: z.array(named) })
      .describe("What this node's key does not open: it has to be entered or made again."),
    rejectedTokens: z
      .array(named)
      .describe(
        "Both instances of each connection that stopped because an access token was rejected.",
      ),
    obstacles: z
      .array(z.string())
      .describe(
        "Why nothing can be opened although the gate is inactive; empty when nothing stands in the way.",
      ),
  })
  .meta({ id: "Activation" });
