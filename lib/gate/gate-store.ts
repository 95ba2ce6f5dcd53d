import { recordAudit } from "@/lib/audit/audit-store";
import type { Db, DbOrTx } from "@/lib/db/database";
import { type Fence, type Gate, type GateState, sameFence } from "@/lib/gate/gate";

export type Act = { by: string; reason?: string | undefined };

export async function readGate(db: DbOrTx): Promise<Gate> {
  const row = await db.gate.findUniqueOrThrow({ where: { id: 1 } });
  return {
    state: row.state as GateState,
    fence: { incarnation: row.incarnation, epoch: row.epoch },
  };
}

/**
 * Opens the gate, if `fence` (what the person was shown) is still the gate's and it is inactive. The
 * opening, its history and its audit are one transaction under the exclusive GATE lock.
 */
export async function activate(
  db: Db,
  { fence, by, reason }: Act & { fence: Fence },
): Promise<{ opened: Fence } | { refused: string }> {
  return db.$transaction(async (tx) => {
    const [answer] = await tx.$queryRaw<[{ opened: boolean }]>`
      select open_gate(${fence.incarnation}, ${fence.epoch}::int, ${by}, ${reason ?? null}) as opened`;
    if (!answer.opened) return { refused: whyNotOpened(await readGate(tx), fence) };
    const opened = { incarnation: fence.incarnation, epoch: fence.epoch + 1 };
    await recordAudit(tx, { actor: by, action: "gate.activated", reason, detail: opened });
    return { opened };
  });
}

function whyNotOpened(gate: Gate, shown: Fence): string {
  if (gate.fence.incarnation === "")
    return "No worker has started on this node yet. Start one, then activate.";
  if (!sameFence(gate.fence, shown))
    return "The gate has changed since this was shown. Look again at what it says now, then decide.";
  if (gate.state === "closing")
    return "The gate is still closing: writes are on the wire. Activate when it is inactive.";
  return "Synchronisation is active already.";
}

/**
 * Begins to close the gate: nothing new is permitted once this returns, and it is `inactive` when
 * nothing is on the wire. Closing a gate that is not open changes nothing.
 */
export async function deactivate(db: Db, { by, reason }: Act): Promise<Gate> {
  return db.$transaction(
    async (tx) => {
      const [answer] = await tx.$queryRaw<[{ closed: boolean }]>`
        select close_gate(${by}, ${reason ?? null}) as closed`;
      const gate = await readGate(tx);
      if (answer.closed)
        await recordAudit(tx, {
          actor: by,
          action: "gate.deactivated",
          reason,
          detail: gate.fence,
        });
      return gate;
    },
    // Waits for permits that are being granted just now, each a few milliseconds.
    { timeout: 20_000 },
  );
}

/** Ends a closing when no write is on the wire any more; returns the gate as it is then. */
export async function settleClosing(db: Db): Promise<Gate> {
  await db.$queryRaw`select settle_closing()`;
  return readGate(db);
}
