import type { Created, Sent, Ticket } from "@/lib/connectors/connector";
import { SyncError } from "@/lib/errors";
import type { FieldId } from "@/lib/sync/replica";

/**
 * Redmine ignores what it does not know, or does not let our account set, and answers that all went well. So
 * each write is read back before its permit is settled: what was ignored does not count as written.
 *
 * `send` is given a ticket that does so; `look` says which fields are still as they were. A write that cannot
 * be read back is one without an answer.
 */
export async function confirmed(
  ticket: Ticket,
  look: (created: Created) => Promise<FieldId[]>,
  send: (confirming: Ticket) => Promise<Sent>,
): Promise<Sent> {
  const seen: { ignored: FieldId[]; trouble: SyncError | null } = { ignored: [], trouble: null };
  const sent = await send({
    request: (...asked) => ticket.request(...asked),
    async settle(permitId, settlement) {
      if (settlement.outcome !== "applied") return ticket.settle(permitId, settlement);
      try {
        seen.ignored = await look(settlement.created);
      } catch (error) {
        if (!(error instanceof SyncError)) throw error;
        seen.trouble = error;
        return ticket.settle(permitId, { ...settlement, outcome: "unknown" });
      }
      await ticket.settle(permitId, {
        ...settlement,
        created:
          seen.ignored.length > 0
            ? { ...settlement.created, ignored: seen.ignored }
            : settlement.created,
      });
    },
  });
  if (sent.kind !== "applied") return sent;
  if (seen.trouble) return { kind: "failed", error: seen.trouble };
  if (seen.ignored.length === 0) return sent;
  return {
    kind: "failed",
    error: new SyncError(
      "field_rejected",
      `Redmine answered that all went well, but left ${seen.ignored.join(", ")} as it was: the workflow or the role of our account does not let it change there`,
    ),
  };
}
