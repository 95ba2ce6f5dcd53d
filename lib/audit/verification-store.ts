import { auditKey, verifyAudit } from "@/lib/audit/audit-store";
import { findingWords } from "@/lib/audit/finding-words";
import type { VerificationReport } from "@/lib/audit/verification";
import { isNote, type Mark } from "@/lib/audit/verify";
import type { Db } from "@/lib/db/database";
import { env } from "@/lib/env";
import { highWaterPath, readHighWater } from "@/lib/identity/high-water";

const MOST = 50;

const shared = globalThis as unknown as {
  exalateVerification?: Promise<VerificationReport> | undefined;
};

/**
 * Looks at every record, now. It takes a second for a hundred thousand of them or so: who asks while
 * somebody else's look goes on gets the same answer.
 */
export function verifyNow(db: Db): Promise<VerificationReport> {
  shared.exalateVerification ??= look(db).finally(() => {
    shared.exalateVerification = undefined;
  });
  return shared.exalateVerification;
}

async function look(db: Db): Promise<VerificationReport> {
  const startedAt = performance.now();
  // Before the records: they may only have grown since.
  const mark: Mark | null = readHighWater(highWaterPath(env()))?.audit ?? null;
  const [clock] = await db.$queryRaw<[{ now: Date }]>`select sync_now() as now`;
  const { checked, first, last, findings } = await verifyAudit(db, auditKey(), mark);
  const amiss = findings.filter((finding) => !isNote(finding));
  const end = (record: typeof first) => record && { ...record, at: record.at.toISOString() };
  return {
    checked,
    first: end(first),
    last: end(last),
    hasMark: mark !== null,
    amiss: amiss.slice(0, MOST).map(findingWords),
    amissCount: amiss.length,
    notes: findings.filter(isNote).slice(0, MOST).map(findingWords),
    at: clock.now.toISOString(),
    tookMs: Math.round(performance.now() - startedAt),
  };
}
