import { setTimeout as pause } from "node:timers/promises";
import { gateAnswer, gateStatusAnswer, openedAnswer, overviewAnswer } from "@/lib/api/answers/gate";
import { operation } from "@/lib/api/operation";
import { Refusal } from "@/lib/api/refusal";
import { activationBody, reasonBody } from "@/lib/api/schemas";
import type { Db } from "@/lib/db/database";
import { pool } from "@/lib/db/database";
import { notifySoon } from "@/lib/db/notify";
import { activate, deactivate, settleClosing } from "@/lib/gate/gate-store";
import { kickWorkers } from "@/lib/gate/kick";
import { readOverview } from "@/lib/gate/overview-store";
import { readGateStatus } from "@/lib/gate/status-store";

export const readGate = operation({
  id: "readGate",
  method: "GET",
  path: "/gate",
  group: "Gate",
  summary: "The gate, its fence, and what waits behind it",
  permission: "gate:read",
  answer: gateStatusAnswer,
  carryOut: ({ db }) => readGateStatus(db),
});

export const readOverviewPage = operation({
  id: "readOverview",
  method: "GET",
  path: "/overview",
  group: "Gate",
  summary: "What the Overview page shows: backlog, connections, latest errors and runs",
  permission: "gate:read",
  answer: overviewAnswer,
  carryOut: ({ db }) => readOverview(db),
});

export const openGate = operation({
  id: "activate",
  method: "POST",
  path: "/activations",
  group: "Gate",
  summary: "Open the gate",
  description:
    "Under the fence that was read before: when it is not current any more, nothing is opened. `scope` names connections; left out, all are opened.",
  permission: "gate:operate",
  body: activationBody,
  status: 201,
  answer: openedAnswer,
  refuses: {
    409: "The gate has changed since, is open or closing, a decision is due, or another node lives.",
    422: "`scope` names a connection that is not there.",
  },
  async carryOut({ db, body, by }) {
    const answer = await activate(db, { ...body, by: by.name });
    if ("refused" in answer) throw new Refusal(409, answer.refused);
    notifySoon(pool(), "sync_changed");
    return { fence: answer.opened, workersWoken: await kickWorkers() };
  },
});

const PATIENCE_MS = 60_000;
const LOOK_MS = 100;

export const closeGate = operation({
  id: "deactivate",
  method: "DELETE",
  path: "/activations/current",
  group: "Gate",
  summary: "Close the gate, and wait until nothing is on the wire any more",
  description:
    "No write begins once this was received. Closing a gate that is closed changes nothing.",
  permission: "gate:operate",
  body: reasonBody,
  answer: gateAnswer,
  refuses: {
    409: "It was closed, and somebody has opened it again since.",
    504: "It is closing, but writes were still on the wire after a minute. `openPermits`: how many.",
  },
  async carryOut({ db, body, by }) {
    await deactivate(db, { ...body, by: by.name });
    notifySoon(pool(), "sync_changed");
    const gate = await closed(db);
    notifySoon(pool(), "sync_changed");
    if (gate.state === "inactive") return gate;
    if (gate.state === "active")
      throw new Refusal(
        409,
        "The gate was closed, and somebody has activated it again since.",
        gate,
      );
    const openPermits = await db.permit.count({ where: { outcome: "open" } });
    throw new Refusal(
      504,
      `The gate is closing and no other write begins, but ${openPermits === 1 ? "1 write is" : `${openPermits} writes are`} still on the wire.`,
      { openPermits },
    );
  },
});

async function closed(db: Db) {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const gate = await settleClosing(db);
    if (gate.state !== "closing" || performance.now() > until) return gate;
    await pause(LOOK_MS);
  }
}
