import { recordAudit } from "@/lib/audit/audit-store";
import type { AuditKey } from "@/lib/audit/chain";
import { SetupError } from "@/lib/connections/setup-error";
import type { Db, DbOrTx } from "@/lib/db/database";
import { type Fence, type Gate, type GateState, sameFence } from "@/lib/gate/gate";

export type Act = { by: string; reason?: string | undefined };

/** The gate as it is now, without a lock. */
export async function readGate(db: DbOrTx): Promise<Gate> {
  const row = await db.gate.findUniqueOrThrow({ where: { id: 1 } });
  return {
    state: row.state as GateState,
    fence: { incarnation: row.incarnation, epoch: row.epoch },
  };
}

export type Opening = Act & {
  /** What the person was shown. */
  fence: Fence;
  /** Connections to open; none named means all. */
  scope?: number[] | undefined;
};

/**
 * Opens the gate, if `fence` is still the gate's, it is inactive, no decision is due, and no other node
 * with our identity is alive where this opening would write. The opening, its history and its audit are
 * one transaction under the exclusive GATE lock. Throws `SetupError` for a connection that is not there.
 */
export async function activate(
  db: Db,
  { fence, by, reason, scope = [] }: Opening,
): Promise<{ opened: Fence } | { refused: string }> {
  return db.$transaction(async (tx) => {
    await refuseUnknown(tx, scope);
    const [answer] = await tx.$queryRaw<[{ opened: boolean }]>`
      select open_gate(${fence.incarnation}, ${fence.epoch}::int, ${by}, ${reason ?? null}, ${scope}::int[]) as opened`;
    if (!answer.opened) return { refused: await whyNotOpened(tx, fence, scope) };
    const opened = { incarnation: fence.incarnation, epoch: fence.epoch + 1 };
    await recordAudit(tx, {
      actor: by,
      action: "gate.activated",
      reason,
      detail: scope.length > 0 ? { ...opened, connections: scope } : opened,
    });
    return { opened };
  });
}

/** A gate that is open for a connection that is not there looks open, and sends nothing. */
async function refuseUnknown(tx: DbOrTx, scope: number[]): Promise<void> {
  const known = await tx.connection.findMany({
    select: { id: true },
    where: { id: { in: scope } },
  });
  const unknown = scope.filter((id) => !known.some((each) => each.id === id));
  if (unknown.length > 0)
    throw new SetupError("invalid", `there is no connection ${unknown.join(", ")} to open for`);
}

async function whyNotOpened(tx: DbOrTx, shown: Fence, scope: number[]): Promise<string> {
  const gate = await readGate(tx);
  const [obstacle] = await tx.$queryRaw<[{ undecided: boolean; another: boolean }]>`
    select decision_is_due() as undecided, another_is_there(${scope}::int[]) as another`;
  if (obstacle.undecided)
    return "A decision is due: say on the Activation page whether this is the same node, moved, or a copy.";
  if (obstacle.another)
    return "Another node with this node's identity is alive, or was after us, at an instance that this node would write to. See the Activation page: stop that node, then take over.";
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
 * nothing is on the wire. Closing a gate that is not open changes nothing. `key` is for a program that
 * may run where the node's key is not.
 */
export async function deactivate(db: Db, { by, reason }: Act, key?: AuditKey): Promise<Gate> {
  return db.$transaction(
    async (tx) => {
      const [answer] = await tx.$queryRaw<[{ closed: boolean }]>`
        select close_gate(${by}, ${reason ?? null}) as closed`;
      const gate = await readGate(tx);
      if (answer.closed)
        await recordAudit(
          tx,
          { actor: by, action: "gate.deactivated", reason, detail: gate.fence },
          key,
        );
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
