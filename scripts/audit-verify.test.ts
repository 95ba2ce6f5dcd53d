import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect } from "vitest";
import { auditKey, readAuditHead, recordAudit } from "@/lib/audit/audit-store";
import { raiseHighWater } from "@/lib/identity/high-water";
import { test as base } from "@/lib/testing/database";
import { activeGate } from "@/lib/testing/queue";

const KEY = Buffer.alloc(32, 3);

const test = base.extend<{ folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "audit-verify-"));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

/** Runs a script as a person would on this node's machine. */
async function run(
  script: string,
  url: string,
  folder: string,
): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", script], {
    cwd: resolve(import.meta.dirname, ".."),
    env: { ...process.env, SECRET_KEY: "", DATABASE_URL: url, DATA_DIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => (said += chunk));
  child.stderr.on("data", (chunk) => (said += chunk));
  const code = await new Promise<number | null>((ended) => child.on("close", ended));
  return { code, said };
}

function keepKey(folder: string): void {
  mkdirSync(join(folder, "keys"));
  writeFileSync(join(folder, "keys", "secret.key"), KEY.toString("base64"));
}

describe("npm run audit:verify", () => {
  test("says what it checked, and fails with a sentence for what was done to it", async ({
    url,
    db,
    pool,
    folder,
  }) => {
    keepKey(folder);
    for (const subject of ["entry 1", "entry 2", "entry 3"])
      await recordAudit(db, { actor: "ada", action: "entry.held", subject }, auditKey(KEY));
    const head = await readAuditHead(db);
    if (!head) throw new Error("nothing was recorded");
    const at = head.at.toISOString();
    const mark = { identity: "one", beat: 1, audit: { ...head, at }, at };
    await raiseHighWater(join(folder, "keys", "high-water.json"), mark);

    const whole = await run("scripts/audit-verify.ts", url, folder);
    expect(whole.said).toMatch(/^Checked 3 records: 1 \(.+Z\) to 3 \(.+Z\)\.$/m);
    expect(whole.said).toContain("What could be checked is as it was written.");
    expect(whole.code).toBe(0);

    await pool.query("alter table audit disable trigger user");
    await pool.query("update audit set actor = 'bob' where seq = 1");
    await pool.query("delete from audit where seq = 3");
    const tampered = await run("scripts/audit-verify.ts", url, folder);
    expect(tampered.said).toContain("Record 1 is not what was written.");
    expect(tampered.said).toContain("The audit ends with record 2, but record 3 has been seen");
    expect(tampered.code).toBe(1);
  });

  test("says that nothing can be verified without the key, and makes none", async ({
    url,
    folder,
  }) => {
    const { code, said } = await run("scripts/audit-verify.ts", url, folder);
    expect(said).toContain("The audit cannot be verified without the node's key");
    expect(code).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("names a deactivation from a machine without the key, where none is made either", async ({
    url,
    db,
    folder,
  }) => {
    await activeGate(db);
    expect(await run("scripts/deactivate.ts", url, folder)).toMatchObject({ code: 0 });
    expect(readdirSync(folder)).toEqual([]);
    expect((await db.gate.findFirstOrThrow()).state).toBe("inactive");
    keepKey(folder);
    const { code, said } = await run("scripts/audit-verify.ts", url, folder);
    expect(said).toContain("Record 1 was written without the node's key");
    expect(code).toBe(1);
  });
});
