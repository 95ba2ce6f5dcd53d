import { z } from "zod";
import { activationAnswer } from "@/lib/api/answers/activation";
import { operation } from "@/lib/api/operation";
import { decisionBody, idParams, reasonBody, takeOverBody } from "@/lib/api/schemas";
import { env } from "@/lib/env";
import { DECISIONS } from "@/lib/identity/activation";
import { readActivation } from "@/lib/identity/activation-store";
import { decide, revokeDecision } from "@/lib/identity/decision-store";
import { takeOver } from "@/lib/identity/take-over-store";

export const readActivationPage = operation({
  id: "readActivation",
  method: "GET",
  path: "/activation",
  group: "Activation",
  summary: "What happened, what waits, and what stands in the way",
  description: "Everything that the Activation page shows, of one moment.",
  permission: "gate:read",
  answer: activationAnswer,
  carryOut: ({ db }) => readActivation(db, env().CLAIM_PERIOD_MS),
});

export const settleVerdict = operation({
  id: "decide",
  method: "POST",
  path: "/decisions",
  group: "Activation",
  summary: "Say what this node is: the same one, a copy, or inactive for now",
  description:
    "For the verdict that was read. `copy` gives the node a new identity, and ends every session and token, the one that asked too.",
  permission: "gate:operate",
  body: decisionBody,
  status: 201,
  answer: z.object({ verdictId: z.int(), decision: z.enum(DECISIONS) }),
  refuses: {
    409: "Nothing has to be decided, it is decided already, another verdict is due by now, or the gate is not inactive.",
  },
  async carryOut({ db, body, by }) {
    await decide(db, { ...body, by: by.name });
    return { verdictId: body.verdictId, decision: body.decision };
  },
});

export const takeDecisionBack = operation({
  id: "revokeDecision",
  method: "POST",
  path: "/decisions/{id}/revocations",
  group: "Activation",
  summary: "Take a decision back",
  description: "Until the first activation after it. `id` is the verdict's.",
  permission: "gate:operate",
  params: idParams,
  body: reasonBody,
  status: 201,
  answer: z.object({ verdictId: z.int() }),
  refuses: {
    409: "It was not decided, can no longer be taken back, or another verdict is due by now.",
  },
  async carryOut({ db, params, body, by }) {
    await revokeDecision(db, { verdictId: params.id, ...body, by: by.name });
    return { verdictId: params.id };
  },
});

export const takeClaimOver = operation({
  id: "takeOver",
  method: "POST",
  path: "/take-overs",
  group: "Activation",
  summary: "Declare that another node's sign of life counts as ours",
  description:
    "When that node is stopped. `typedName` is the instance's name: nobody takes over by a slip.",
  permission: "gate:operate",
  body: takeOverBody,
  status: 201,
  answer: z.object({ instanceId: z.int(), project: z.string() }),
  refuses: {
    404: "There is no such claim.",
    409: "No other node's sign of life stands there.",
    422: "The name is another one.",
  },
  async carryOut({ db, body, by }) {
    await takeOver(db, { ...body, by: by.name });
    return { instanceId: body.instanceId, project: body.project };
  },
});
