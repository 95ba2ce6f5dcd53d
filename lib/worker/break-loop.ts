import { SyncError } from "@/lib/errors";
import { LOOP_WINDOW_MS, loopOf, MOST_ANSWERED, type RecentChange } from "@/lib/sync/loop";
import { recentWrites } from "@/lib/sync/permit-store";
import type { Side } from "@/lib/sync/plan-types";
import type { IssueReading } from "@/lib/sync/replica";
import type { PairContext, ReadResult } from "@/lib/worker/read-pair";

/**
 * Throws `loop` when the next write would only go on what automations of both instances began. Both issues'
 * histories are read only when there were writes enough for a loop.
 */
export async function refuseLoop(
  context: PairContext,
  { pair, readings, planned }: Extract<ReadResult, { kind: "planned" }>,
): Promise<void> {
  const { local, remote } = readings;
  if (!local || !remote || planned.plan.writes.length === 0) return;
  const writes = await recentWrites(context.pool, pair.id);
  if (writes.length < MOST_ANSWERED) return;
  const changes = [
    ...(await changesAt(context, "local", local)),
    ...(await changesAt(context, "remote", remote)),
  ];
  const since = Date.now() - LOOP_WINDOW_MS;
  const loop = loopOf(
    writes,
    changes.filter(({ at }) => at > since),
    context.loopAnswerMs,
  );
  if (!loop) return;
  throw new SyncError(
    "loop",
    `${local.key} and ${remote.key} answer each other: within ten minutes ${loop.answered} of our writes were changed again at once, by no person. ${local.key}: ${loop.histories.local}. ${remote.key}: ${loop.histories.remote}. Stop one of the automations, then release`,
  );
}

async function changesAt(
  context: PairContext,
  side: Side,
  reading: IssueReading,
): Promise<RecentChange[]> {
  const { key, clockOffsetMs } = await context.account(side);
  const history = await context.sides[side].history(reading.id);
  const at = (iso: string) => Date.parse(iso) - clockOffsetMs;
  return [
    ...history.map(({ field, authorKey, authorName, to, ...item }) => ({
      side,
      at: at(item.at),
      by: authorName,
      isOurAccount: authorKey === key,
      field,
      ...(to === undefined ? {} : { to }),
    })),
    ...reading.comments.map(({ authorKey, authorName, createdAt }) => ({
      side,
      at: at(createdAt),
      by: authorName,
      isOurAccount: authorKey === key,
      field: "comment",
    })),
  ];
}
