import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Created, Settlement, Ticket } from "@/lib/connectors/connector";
import type { Fence } from "@/lib/gate/gate";
import type { OwnUpdate } from "@/lib/sync/history";
import { LOOP_WINDOW_MS, type RecentWrite } from "@/lib/sync/loop";
import type { KnownPiece } from "@/lib/sync/pieces";
import type { Side, Write } from "@/lib/sync/plan-types";
import type { FieldId, Fields } from "@/lib/sync/replica";

/** Proof that a worker may still speak for an entry: which one, which try, of whom, under which fence. */
export type Claim = { entryId: number; attempt: number; workerId: string; fence: Fence };

/** What a confirmed write teaches us about its pair; see `advance_pair`. */
export type Effect = {
  localFields?: Fields;
  remoteFields?: Fields;
  twin?: { side: Side; id: string; key: string };
  comment?: { side: Side; id: string; mirrorId: string; sent: string };
  piece?: KnownPiece;
};

/** Fields of one side, and the other side's fields that their values are made from. */
export type Sources = Record<FieldId, FieldId>;

export type TicketOptions = {
  claim: Claim;
  side: Side;
  kind: Write["kind"];
  issueKey: string | null;
  marker: string | null;
  intended: unknown;
  before: unknown;
  effectOf: (created: Created) => Effect | null;
};

/** The right to ask for permits for one write of one claim. Each permit is one row; see `grant_permit`. */
export function ticketFor(pool: pg.Pool, options: TicketOptions): Ticket {
  const { claim } = options;
  return {
    request(method, path, lifeMs) {
      return ask(
        pool,
        "grant_permit($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13::jsonb,$14::jsonb,$15)",
        [
          claim.workerId,
          claim.fence.incarnation,
          claim.fence.epoch,
          claim.entryId,
          claim.attempt,
          options.side,
          options.kind,
          method,
          path,
          options.issueKey,
          options.marker,
          JSON.stringify(options.intended),
          JSON.stringify(options.before),
          Math.round(lifeMs),
        ],
      );
    },

    settle: (permitId, settlement) => settle(pool, permitId, settlement, options.effectOf),
  };
}

export type ClaimTicketOptions = {
  workerId: string;
  fence: Fence;
  connectionId: number;
  side: Side;
  kind: "claim" | "contest";
  intended: unknown;
  before: unknown;
};

/** The right to write our sign of life, or to contest another's: a write like any other, but of no pair. */
export function claimTicketFor(pool: pg.Pool, options: ClaimTicketOptions): Ticket {
  const { fence } = options;
  return {
    request(method, path, lifeMs) {
      return ask(pool, "grant_claim_permit($1,$2,$3,$4,$5,$6,$7,$8,$9,$10::jsonb,$11::jsonb,$12)", [
        options.workerId,
        fence.incarnation,
        fence.epoch,
        options.connectionId,
        options.side,
        options.kind,
        method,
        path,
        JSON.stringify(options.intended),
        JSON.stringify(options.before),
        Math.round(lifeMs),
      ]);
    },
    settle: (permitId, settlement) => settle(pool, permitId, settlement, () => null),
  };
}

export type WebhookTicketOptions = {
  workerId: string;
  fence: Fence;
  connectionId: number;
  side: Side;
  /** Proves that the side is still in this worker's hands. */
  lentUntil: Date;
  /** Without what proves an event. */
  intended: unknown;
  before: unknown;
  /** Takes what proves an event out of an answer before it is kept. */
  clean: (text: string) => string;
};

/** The right to register or remove a webhook: a write like any other, but of no pair. */
export function webhookTicketFor(pool: pg.Pool, options: WebhookTicketOptions): Ticket {
  const { fence } = options;
  return {
    request(method, path, lifeMs) {
      return ask(
        pool,
        "grant_webhook_permit($1,$2,$3,$4,$5,$6,$7,$8,$9,$10::jsonb,$11::jsonb,$12)",
        [
          options.workerId,
          fence.incarnation,
          fence.epoch,
          options.connectionId,
          options.side,
          options.lentUntil,
          method,
          path,
          JSON.stringify(options.intended),
          JSON.stringify(options.before),
          Math.round(lifeMs),
        ],
      );
    },
    settle: (permitId, { answer, ...settlement }) =>
      settle(
        pool,
        permitId,
        { ...settlement, answer: typeof answer === "string" ? options.clean(answer) : answer },
        () => null,
      ),
  };
}

/** Asks for a permit under a new id, which comes first among the values. */
async function ask(
  pool: pg.Pool,
  question: string,
  values: unknown[],
): Promise<{ granted: string } | { refused: string }> {
  const id = randomUUID();
  const { rows } = await pool.query<{ answer: string }>(`select ${question} as answer`, [
    id,
    ...values,
  ]);
  const answer = rows[0]?.answer ?? "no answer";
  return answer === "granted" ? { granted: id } : { refused: answer };
}

async function settle(
  pool: pg.Pool,
  permitId: string,
  { outcome, status, answer, durationMs, created }: Settlement,
  effectOf: (created: Created) => Effect | null,
): Promise<void> {
  const effect = outcome === "applied" ? effectOf(created) : null;
  const { rows } = await advancing(() =>
    pool.query<{ state: string | null }>(
      "select settle_permit($1,$2,$3,$4::jsonb,$5,$6::jsonb) as state",
      [
        permitId,
        outcome,
        status,
        JSON.stringify(answer),
        durationMs,
        effect && JSON.stringify(effect),
      ],
    ),
  );
  // Two permits that are settled at once each see the other as open: the last word is said outside.
  if (rows[0]?.state === "closing") await pool.query("select settle_closing()");
}

const TWIN_KEYS = [
  "pair_connection_id_local_issue_id_key",
  "pair_connection_id_remote_issue_id_key",
];

/**
 * What advances a pair takes a new twin away from the pair that a poll began with it. One that was begun in that
 * very moment was not to be seen yet: then once more.
 */
export async function advancing<T>(advance: () => Promise<T>): Promise<T> {
  try {
    return await advance();
  } catch (error) {
    const { constraint } = error as { constraint?: string };
    if (!constraint || !TWIN_KEYS.includes(constraint)) throw error;
    return advance();
  }
}

/** Writes of a pair that may have arrived although nobody recorded an effect. */
export type LoosePermit = {
  side: Side;
  kind: Write["kind"];
  intended: {
    fields?: Fields;
    merged?: FieldId[];
    /** What the values were made from, by the other side's ids. */
    source?: Fields;
    /** Which field of the other side each was made from; absent where both have one id. */
    sources?: Sources;
    effect?: Omit<Effect, "twin">;
  };
  marker: string | null;
  grantedAt: Date;
  /** How long its write may still land, by the database's clock; negative when that time is over. */
  mayLandMs: number;
};

/**
 * Updates since the pair was last in step that are confirmed, oldest first: whether they replaced what they
 * were planned on, only the instance's history tells.
 */
export async function ownUpdates(pool: pg.Pool, pairId: number): Promise<OwnUpdate[]> {
  const { rows } = await pool.query<OwnUpdate>(
    `select p.side, p.granted_at as at, p.intended -> 'fields' as fields, coalesce(p.before, '{}') as before,
            coalesce(p.intended -> 'otherBase', '{}') as "otherBase",
            case when p.kind = 'transition' and p.intended -> 'sources' is not null
                      and p.intended #> '{sources,status}' is null
                 then '["status"]'::jsonb else '[]' end as "onTheWay"
       from permit p join pair on pair.id = p.pair_id
      where p.pair_id = $1 and p.granted_at > coalesce(pair.in_step_at, '-infinity')
        and p.outcome = 'applied' and p.kind in ('update_issue', 'transition')
      order by p.granted_at, p.id`,
    [pairId],
  );
  return rows;
}

/**
 * Writes to a pair within the time that a loop is looked for in. A loop that was told of is over: what came
 * before it counts no more.
 */
export async function recentWrites(pool: pg.Pool, pairId: number): Promise<RecentWrite[]> {
  const { rows } = await pool.query<{ side: Side; at: Date; fields: Fields }>(
    `select p.side, coalesce(p.answered_at, p.granted_at) as at,
            case when p.kind in ('add_comment', 'update_comment') then '{"comment": null}'::jsonb
                 else coalesce(p.intended -> 'fields', '{}') end as fields
       from permit p
      where p.pair_id = $1 and p.outcome in ('applied', 'unknown') and p.kind not in ('create_issue', 'stamp')
        and p.granted_at > greatest(sync_now() - $2 * interval '1 millisecond',
              (select max(r.ended_at) from run r where r.pair_id = $1 and r.error_code = 'loop'))
      order by p.granted_at, p.id`,
    [pairId, LOOP_WINDOW_MS],
  );
  return rows.map((row) => ({ ...row, at: row.at.getTime() }));
}

/**
 * Permits since the pair was last in step whose write may have left a trace that we do not know:
 * unanswered ones, and creates that were answered to a worker that had lost its claim.
 */
export async function loosePermits(pool: pg.Pool, pairId: number): Promise<LoosePermit[]> {
  const { rows } = await pool.query<LoosePermit>(
    `select p.side, p.kind, p.intended, p.marker, p.granted_at as "grantedAt",
            (extract(epoch from p.deadline_at + permit_margin() - sync_now()) * 1000)::float8 as "mayLandMs"
       from permit p join pair on pair.id = p.pair_id
      where p.pair_id = $1 and p.granted_at > coalesce(pair.in_step_at, '-infinity')
        and (p.outcome in ('open', 'unknown') or (p.outcome = 'applied' and p.kind = 'create_issue'))
      order by p.granted_at, p.id`,
    [pairId],
  );
  return rows;
}
