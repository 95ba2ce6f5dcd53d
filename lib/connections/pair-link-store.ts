import { SetupError } from "@/lib/connections/setup-error";
import type { DbOrTx } from "@/lib/db/database";
import { startAgain } from "@/lib/pairs/act-store";
import type { Side } from "@/lib/sync/plan-types";
import type { IssueReading } from "@/lib/sync/replica";

type FoundIssues = Record<Side, IssueReading>;

type KnownPair = {
  id: number;
  localIssueId: string | null;
  localKey: string | null;
  remoteIssueId: string | null;
  remoteKey: string | null;
  isRunning: boolean;
  hasCreated: boolean;
  isStopped: boolean;
};

/**
 * Makes two issues a pair with something to look at, or finds that they are one already. A trigger may
 * have found either of them first: a pair without a twin gives way, unless a twin may be on its way.
 * A pair whose sync was stopped starts again; one of other issues gives way.
 * Throws `SetupError` when one of them is in step with a third. Call it in a transaction.
 */
export async function linkIssues(
  tx: DbOrTx,
  connectionId: number,
  { local, remote }: FoundIssues,
  by: string,
): Promise<{ pairId: number; isNew: boolean }> {
  const known = await lockPairsOf(tx, connectionId, { local, remote });
  const whole = known.find(
    (pair) => pair.localIssueId === local.id && pair.remoteIssueId === remote.id,
  );
  if (whole?.isStopped) return { pairId: await startAgain(tx, whole.id, by), isNew: true };
  if (whole) return { pairId: whole.id, isNew: false };
  for (const pair of known) if (!pair.isStopped) refuseToReplace(pair, { local, remote });

  await tx.pair.deleteMany({ where: { id: { in: known.map(({ id }) => id) } } });
  const { summary } = local.fields;
  const { id: pairId } = await tx.pair.create({
    data: {
      connectionId,
      localIssueId: local.id,
      localKey: local.key,
      remoteIssueId: remote.id,
      remoteKey: remote.key,
      summary: typeof summary === "string" ? summary : "",
    },
    select: { id: true },
  });
  // Of low priority: an import of many must not keep the edits of people waiting.
  await tx.$queryRaw`
    select record_change(${connectionId}::int, 'local', ${local.id}, 'linked', 'person', ${by},
                         null, ${`linked ${pairId}`}, 1)`;
  return { pairId, isNew: true };
}

/**
 * The pairs that hold either issue, with their entries locked: a permit locks the entry as well, so
 * that no write for one of them begins before we are done.
 */
async function lockPairsOf(
  tx: DbOrTx,
  connectionId: number,
  { local, remote }: FoundIssues,
): Promise<KnownPair[]> {
  await tx.$queryRaw`
    select e.id from queue_entry e join pair p on p.id = e.pair_id
     where p.connection_id = ${connectionId}::int
       and (p.local_issue_id = ${local.id} or p.remote_issue_id = ${remote.id})
     order by e.id for update of e`;
  return tx.$queryRaw<KnownPair[]>`
    select p.id, p.local_issue_id as "localIssueId", p.local_key as "localKey",
           p.remote_issue_id as "remoteIssueId", p.remote_key as "remoteKey",
           p.stopped_at is not null as "isStopped",
           exists (select from queue_entry e where e.pair_id = p.id and e.state = 'running') as "isRunning",
           exists (select from permit m where m.pair_id = p.id and m.kind = 'create_issue'
                      and m.outcome in ('open', 'unknown', 'applied')) as "hasCreated"
      from pair p
     where p.connection_id = ${connectionId}::int
       and (p.local_issue_id = ${local.id} or p.remote_issue_id = ${remote.id})
     order by p.id for update of p`;
}

function refuseToReplace(pair: KnownPair, { local, remote }: FoundIssues): void {
  const ours = pair.localIssueId === local.id ? local.key : remote.key;
  if (pair.localIssueId && pair.remoteIssueId)
    throw new SetupError("conflict", `${pair.localKey} and ${pair.remoteKey} are a pair already`);
  if (pair.isRunning || pair.hasCreated)
    throw new SetupError("conflict", `a twin of ${ours} is being created just now`);
}
