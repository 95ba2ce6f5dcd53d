import type pg from "pg";
import { type Evidence, evidenceSchema, type HighWaterSeen } from "@/lib/identity/evidence";
import type { Declared } from "@/lib/identity/evidence-store";
import { type Verdict, verdictOf } from "@/lib/identity/verdict";

/** What lies beside the key, outside the database. */
export type HighWaterMark = HighWaterSeen & { identity: string; auditHash: string };

export type Looked = { evidence: Evidence; highWater: HighWaterMark | null; declared: Declared };

type NodeRow = {
  identity: string;
  evidence: unknown;
  copyOf: string | null;
  beat: string;
  hasLived: boolean;
  auditSeq: string;
  holdsAudit: boolean;
  lastAt: Date | null;
};

export type Judged = { verdict: Verdict; then: Evidence | null; copyOf: string | null };

/** What a start means, from what lies in the database, beside the key and around this process. Only reads. */
export async function judgeStart(
  client: pg.ClientBase,
  { evidence, highWater }: Looked,
): Promise<Judged> {
  const { rows } = await client.query<NodeRow>(
    `select n.identity, n.evidence, n.copy_of as "copyOf", g.beat::text as beat,
            g.incarnation <> '' as "hasLived",
            coalesce((select max(seq) from audit), 0)::text as "auditSeq",
            ($1::bigint = 0 or exists (select from audit where seq = $1 and hash = $2)) as "holdsAudit",
            (select at from audit where seq is not null order by seq desc limit 1) as "lastAt"
       from node n, gate g`,
    [highWater?.auditSeq ?? 0, highWater?.auditHash ?? ""],
  );
  const node = rows[0];
  if (!node) throw new Error("the database holds no node: run the migrations");
  // Evidence that an older version kept in another shape is no evidence.
  const then = evidenceSchema.safeParse(node.evidence);
  const verdict = verdictOf({
    then: then.success ? then.data : null,
    now: evidence,
    identity: node.identity,
    hasLived: node.hasLived,
    // Another node's file says nothing about how old this database is.
    highWater: highWater?.identity === node.identity ? highWater : null,
    age: {
      beat: Number(node.beat),
      auditSeq: Number(node.auditSeq),
      holdsAudit: node.holdsAudit,
      lastAt: node.lastAt?.toISOString() ?? null,
    },
  });
  return { verdict, then: then.success ? then.data : null, copyOf: node.copyOf };
}

/**
 * Keeps a verdict, in the transaction that begins the incarnation. What needs no decision becomes the
 * node's evidence at once. A node that was declared a copy before its start becomes one here, unless it
 * is that copy already and nothing has changed.
 */
export async function keepVerdict(
  client: pg.ClientBase,
  incarnation: string,
  { evidence, declared }: Looked,
  { verdict, then, copyOf }: Judged,
): Promise<void> {
  const { rows } = await client.query<{ id: number }>(
    `insert into verdict (incarnation, at, kind, sentence, facts, evidence, needs_decision)
     values ($1, sync_now(), $2, $3, $4, $5, $6) returning id`,
    [
      incarnation,
      verdict.kind,
      verdict.sentence,
      JSON.stringify(verdict.facts),
      JSON.stringify(evidence),
      verdict.needsDecision,
    ],
  );
  const verdictId = rows[0]?.id ?? 0;
  await client.query("update gate set verdict_id = $1, console = $2, label = $3, scope = '{}'", [
    verdictId,
    evidence.console && JSON.stringify(evidence.console),
    evidence.label,
  ]);
  const isThatCopy = copyOf !== null && verdict.kind === "restart";
  if (declared.isCopy && !isThatCopy && verdict.kind !== "first_start") {
    await client.query(
      "select become_copy($1, 'SYNC_IDENTITY', 'Declared before the start.', $2)",
      [verdictId, declared.label],
    );
    return;
  }
  if (!verdict.needsDecision)
    await client.query(
      `update node set evidence = $1, evidence_at = sync_now(),
              label = case when $2::text is distinct from $3::text then $2 else label end`,
      [JSON.stringify(evidence), evidence.label, then?.label ?? null],
    );
}
