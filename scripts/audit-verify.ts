import { existingNodeKey, keyFile } from "@/lib/access/seal";
import { auditKey, verifyAudit } from "@/lib/audit/audit-store";
import { findingWords } from "@/lib/audit/finding-words";
import { type Finding, isNote, type Mark, type Verification } from "@/lib/audit/verify";
import { connectPrisma } from "@/lib/db/database";
import { parseEnv } from "@/lib/env";
import { highWaterPath, readHighWater } from "@/lib/identity/high-water";
import { findDatabase } from "@/scripts/find-database";
import { runOnce } from "@/scripts/lifetime";

const MOST_LINES = 50;

/**
 * `npm run audit:verify`: checks every record of the audit, and says what was done to it. Exit code 1
 * when something has to be looked into, or when nothing could be said. Changes nothing, and makes no key.
 */
await runOnce(async () => {
  const settings = parseEnv(process.env);
  const key = existingNodeKey(settings);
  if (!key)
    throw new Error(
      `the audit cannot be verified without the node's key: ${keyFile(settings)} is not there, and SECRET_KEY is not set (set them as they are for the node)`,
    );
  // Before the records: they may only have grown since.
  const mark = readHighWater(highWaterPath(settings))?.audit ?? null;
  const url = await findDatabase(settings);
  if (!url)
    throw new Error(
      `no database runs from ${settings.DATA_DIR}: start the node, or set DATA_DIR or DATABASE_URL if it has another`,
    );
  const db = connectPrisma(url);
  try {
    const found = await verifyAudit(db, auditKey(key), mark);
    tell(found, mark, highWaterPath(settings));
    if (!found.findings.every(isNote)) process.exitCode = 1;
  } finally {
    await db.$disconnect();
  }
});

function tell(
  { checked, first, last, findings }: Verification,
  mark: Mark | null,
  path: string,
): void {
  console.info(
    first && last
      ? `Checked ${checked} ${checked === 1 ? "record" : "records"}: ${first.seq} (${first.at.toISOString()}) to ${last.seq} (${last.at.toISOString()}).`
      : "The audit holds no record that could be checked.",
  );
  console.info(
    mark
      ? `Record ${mark.seq} was seen as the last.`
      : `${path} is not there, so records that are gone from the end cannot be noticed.`,
  );
  const amiss = findings.filter((finding) => !isNote(finding));
  sayAll(findings.filter(isNote), console.info);
  sayAll(amiss, console.error);
  if (amiss.length === 0 && last) console.info("What could be checked is as it was written.");
}

function sayAll(findings: Finding[], say: (line: string) => void): void {
  for (const finding of findings.slice(0, MOST_LINES)) say(findingWords(finding));
  const more = findings.length - MOST_LINES;
  if (more > 0) say(`And ${more} more of this kind.`);
}
