import type { HistoryKind } from "@/lib/settings/history";

/** Where a kind of history lies, in SQL. `t` is its row. */
export type Cut = {
  table: string;
  /** When a row happened, the first column of an index that ends in `id`. */
  at: string;
  id: string;
  idType: "int" | "bigint" | "uuid";
  /** Which rows of the table are of this kind. */
  belongs: string;
  /** Which of those may go, once their time is over. `horizon` is the moment before which it is. */
  mayGo: string;
  /** An index over just the rows of this kind, whose size the database estimates. */
  partial?: string;
};

// Scalar subqueries: looked up row by row along a key. A planner that may make a join of `not exists` guesses that
// a step has one row, and reads the other table whole for each of a thousand.
const NOT_WAITING = "coalesce((select false from queue_entry e where e.pair_id = t.pair_id), true)";
const BEFORE_IN_STEP = `coalesce(
        (select coalesce(p.in_step_at > t.granted_at, false) from pair p where p.id = t.pair_id), true)`;
const COUNTED = "(select folded_to from activity_fold)";
const SETTLED = "t.outcome not in ('open', 'unknown')";

/**
 * What may be cut, and what never. The audit, openings of the gate, verdicts and pairs are not here: they are
 * kept for good. Of the rest these stay, however old:
 *
 * - whatever concerns a pair that waits in the queue;
 * - a permit that is open, or whose write may have arrived although nobody knows (`unknown`);
 * - permits since the pair was last in step: after a crash they say what may have been written already
 *   (`loosePermits`, `ownUpdates`);
 * - the last update that arrived on each side of a pair: its marker is the stamp on the issue, and without it
 *   the issue would look as if another node had written to it (`isForeignWrite`);
 * - the last look at each pair, by which the sweep knows what a person took off;
 * - what is not yet in the rolled-up totals;
 * - errors that stand, workers of the present life and those that still hold a claim, sessions that go on.
 */
export const CUTS: Record<HistoryKind, Cut> = {
  changes: {
    table: "change",
    at: "t.at",
    id: "id",
    idType: "bigint",
    belongs: "true",
    mayGo: NOT_WAITING,
  },
  writes: {
    table: "permit",
    at: "t.granted_at",
    id: "id",
    idType: "uuid",
    belongs: "t.kind not in ('claim', 'contest')",
    mayGo: `${SETTLED} and ${NOT_WAITING} and t.granted_at < ${COUNTED}
      and ${BEFORE_IN_STEP}
      and (t.kind <> 'update_issue' or t.outcome <> 'applied'
           or not exists (select from pair p where p.id = t.pair_id)
           or exists (select from permit n where n.pair_id = t.pair_id and n.granted_at > t.granted_at
                         and n.side = t.side and n.kind = 'update_issue' and n.outcome = 'applied'))`,
  },
  signs: {
    table: "permit",
    at: "t.granted_at",
    id: "id",
    idType: "uuid",
    belongs: "t.kind in ('claim', 'contest')",
    mayGo: SETTLED,
    partial: "permit_signs",
  },
  work: {
    table: "run",
    at: "t.ended_at",
    id: "id",
    idType: "int",
    belongs: "true",
    mayGo: `${NOT_WAITING} and t.ended_at < ${COUNTED}
      and (exists (select from run n where n.pair_id = t.pair_id and n.id > t.id)
           or not exists (select from pair p where p.id = t.pair_id))`,
  },
  errors: {
    table: "error_episode",
    at: "t.opened_at",
    id: "id",
    idType: "int",
    belongs: "true",
    mayGo: "t.cleared_at < horizon",
  },
  totals: {
    table: "activity_point",
    at: "t.at",
    id: "connection_id",
    idType: "int",
    belongs: "t.grain = 'day'",
    mayGo: "true",
  },
  sessions: {
    table: "session",
    at: "coalesce(t.ended_at, t.expires_at)",
    id: "id",
    idType: "uuid",
    belongs: "true",
    mayGo: "true",
  },
  workers: {
    table: "worker",
    at: "t.seen_at",
    id: "id",
    idType: "uuid",
    belongs: "true",
    mayGo: `t.incarnation <> (select incarnation from gate)
      and t.id not in (select e.claimed_by from queue_entry e where e.claimed_by is not null)
      and t.id not in (select m.worker_id from permit m where m.outcome = 'open')`,
  },
};
