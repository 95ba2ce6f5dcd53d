import type { Db } from "@/lib/db/database";
import { USUAL } from "@/lib/testing/evidence";
import { seedQueue } from "@/lib/testing/queue";
/** A connection that came with a copy, and its two instances. */
export async function heldConnection(db: Db) {
  const { connectionId: id } = await seedQueue(db);
  return db.connection.update({
    where: { id },
    data: { heldSides: ["local", "remote"], heldAt: new Date() },
    include: { localInstance: true, remoteInstance: true },
  });
}

/** A start that a person has to settle. Its verdict's id. */
export async function undecided(db: Db): Promise<number> {
  const { id } = await db.verdict.create({
    data: {
      incarnation: "today",
      at: new Date(),
      kind: "moved_or_copy",
      sentence: "This node was moved, or it is a copy: its host has another name.",
      facts: [],
      evidence: USUAL,
      needsDecision: true,
    },
  });
  await db.gate.updateMany({ data: { verdictId: id } });
  return id;
}
