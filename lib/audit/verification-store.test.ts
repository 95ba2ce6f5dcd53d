import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { recordAudit } from "@/lib/audit/audit-store";
import { exportAudit } from "@/lib/audit/export-store";
import { verifyNow } from "@/lib/audit/verification-store";
import { test } from "@/lib/testing/database";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "audit-"));
  vi.stubEnv("DATA_DIR", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test("a look at the chain says that it is whole, and in words what was done to it", async ({
  db,
  pool,
}) => {
  for (let n = 1; n <= 3; n++)
    await recordAudit(db, { actor: "ada", action: "entry.held", subject: `entry ${n}` });
  expect(await verifyNow(db)).toMatchObject({ checked: 3, amiss: [], amissCount: 0 });
  await pool.query("alter table audit disable trigger user");
  await pool.query("update audit set actor = 'bob' where seq = 2");
  const report = await verifyNow(db);
  expect(report.amissCount).toBe(1);
  expect(report.amiss[0]).toContain("Record 2 is not what was written.");
});

test("an export is a file that begins with its own record", async ({ db }) => {
  await recordAudit(db, { actor: "ada", action: "entry.held", reason: "=1+1" });
  const answer = await exportAudit(db, { format: "csv", filter: {}, by: "bob" });
  expect(answer.headers.get("Content-Disposition")).toMatch(
    /^attachment; filename="audit-.*\.csv"$/,
  );
  const lines = (await answer.text()).trimEnd().split("\r\n");
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain('"bob","audit.exported"');
  expect(lines[2]).toContain('"\'=1+1"');
});
