import { setTimeout as pause } from "node:timers/promises";
import { json, problem } from "@/lib/api/problem";
import { reasonBody } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { database, pool } from "@/lib/db/database";
import { notifySoon } from "@/lib/db/notify";
import { deactivate, settleClosing } from "@/lib/gate/gate-store";

const PATIENCE_MS = 60_000;
const LOOK_MS = 100;

/** Closes the gate and answers when nothing is on the wire any more. */
export const DELETE = withToken({
  permission: "gate:operate",
  body: reasonBody,
  async answer({ body, by }) {
    const db = database();
    let gate = await deactivate(db, { ...body, by: by.name });
    notifySoon(pool(), "sync_changed");
    const until = performance.now() + PATIENCE_MS;
    while (gate.state === "closing" && performance.now() < until) {
      await pause(LOOK_MS);
      gate = await settleClosing(db);
    }
    notifySoon(pool(), "sync_changed");
    if (gate.state === "inactive") return json(gate);
    if (gate.state === "active")
      return problem(409, "The gate was closed, and somebody has activated it again since.", gate);
    const openPermits = await db.permit.count({ where: { outcome: "open" } });
    return problem(
      504,
      `The gate is closing and no other write begins, but ${openPermits === 1 ? "1 write is" : `${openPermits} writes are`} still on the wire.`,
      { openPermits },
    );
  },
});
