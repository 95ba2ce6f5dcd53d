import { hostname, userInfo } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { existingNodeKey } from "@/lib/access/seal";
import { auditKey } from "@/lib/audit/audit-store";
import { connectPrisma, type Db } from "@/lib/db/database";
import { type Env, parseEnv } from "@/lib/env";
import { deactivate, settleClosing } from "@/lib/gate/gate-store";
import { findDatabase } from "@/scripts/find-database";
import { runOnce } from "@/scripts/lifetime";

/** `npm run deactivate -- --reason "…"`: closes the gate straight at the database, for when no console answers. */
await runOnce(async () => {
  const { values } = parseArgs({ options: { reason: { type: "string" } } });
  const settings = parseEnv(process.env);
  const url = await findDatabase(settings);
  if (!url)
    throw new Error(
      `no database runs from ${settings.DATA_DIR}, so no worker of this node can write either (set DATA_DIR or DATABASE_URL if the node has another)`,
    );
  const db = connectPrisma(url);
  try {
    await close(db, settings, values.reason ?? "closed from the command line");
  } finally {
    await db.$disconnect();
  }
});

async function close(db: Db, settings: Env, reason: string): Promise<void> {
  // Never makes a key: from another directory or machine that would be a key of nobody's.
  const key = auditKey(existingNodeKey(settings));
  let gate = await deactivate(db, { by: `${userInfo().username} on ${hostname()}`, reason }, key);
  console.info("Nothing new is sent from now on.");
  // A permit nobody completes is given up a short while after its deadline.
  const until = performance.now() + settings.WRITE_TIMEOUT_MS + 10_000;
  while (gate.state === "closing" && performance.now() < until) {
    const open = await db.permit.count({ where: { outcome: "open" } });
    console.info(`Waiting for ${open} ${open === 1 ? "write" : "writes"} on the wire…`);
    await pause(1_000);
    gate = await settleClosing(db);
  }
  if (gate.state !== "inactive") {
    throw new Error(
      "the gate is closed, but writes that began before are still unanswered: look again in a minute",
    );
  }
  console.info("Synchronisation is inactive. Nothing is on the wire.");
}
