import type pg from "pg";
import { recordAuditWith } from "@/lib/audit/audit-store";

/** Closes an open gate without a person, and says why. False: it was not open. */
export async function closeByNode(client: pg.ClientBase, reason: string): Promise<boolean> {
  await client.query("begin");
  try {
    const { rows } = await client.query<{ closed: boolean }>(
      "select close_gate(null, $1) as closed",
      [reason],
    );
    if (rows[0]?.closed)
      await recordAuditWith(client, { actor: "node", action: "gate.closed_by_node", reason });
    await client.query("commit");
    return rows[0]?.closed ?? false;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}
