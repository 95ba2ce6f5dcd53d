import { execFile } from "node:child_process";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { test as base, describe, expect } from "vitest";
import {
  HighWaterError,
  type HighWaterMark,
  highWaterPath,
  raiseHighWater,
  readHighWater,
} from "@/lib/identity/high-water";

const test = base.extend<{ folder: string; path: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "high-water-"));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
  path: async ({ folder }, use) => use(join(folder, "keys", "high-water.json")),
});

const AT = "2026-01-01T12:00:00.000Z";

function mark(beat: number, seq: number, identity = "one"): HighWaterMark {
  return { identity, beat, audit: { seq, hash: `k:${seq}`, at: AT }, at: AT };
}

async function refusal(work: () => unknown): Promise<string> {
  try {
    return `not refused: ${JSON.stringify(await work())}`;
  } catch (error) {
    if (error instanceof HighWaterError) return error.code;
    throw error;
  }
}

describe("the high-water file", () => {
  test("lies beside the key file, or where that would be", () => {
    const DATA_DIR = "data";
    expect(highWaterPath({ DATA_DIR })).toBe("data/keys/high-water.json");
    expect(highWaterPath({ DATA_DIR, SECRET_KEY_FILE: "/run/secrets/key" })).toBe(
      "/run/secrets/high-water.json",
    );
    expect(highWaterPath({ DATA_DIR, SECRET_KEY: "x", SECRET_KEY_FILE: "/run/secrets/key" })).toBe(
      "data/keys/high-water.json",
    );
  });

  test("is not there before something was kept, and then holds it for its owner only", async ({
    path,
    folder,
  }) => {
    expect(readHighWater(path)).toBeNull();
    await raiseHighWater(path, mark(3, 7));
    expect(readHighWater(path)).toEqual({ version: 1, ...mark(3, 7) });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "keys"))).toEqual(["high-water.json"]);
  });

  test("rises, each number for itself, and never falls", async ({ path }) => {
    await raiseHighWater(path, mark(3, 7));
    await raiseHighWater(path, mark(5, 6));
    expect(readHighWater(path)).toMatchObject({ beat: 5, audit: { seq: 7, hash: "k:7" } });
    expect(await raiseHighWater(path, mark(4, 9))).toMatchObject({ beat: 5, audit: { seq: 9 } });
  });

  test("keeps the hash that was seen first: an audit that was rewritten does not hide itself", async ({
    path,
  }) => {
    await raiseHighWater(path, mark(3, 7));
    await raiseHighWater(path, { ...mark(4, 7), audit: { seq: 7, hash: "k:other", at: AT } });
    expect(readHighWater(path)?.audit.hash).toBe("k:7");
  });

  test("of another node is refused, until somebody says that this node is another now", async ({
    path,
  }) => {
    await raiseHighWater(path, mark(30, 70));
    expect(await refusal(() => raiseHighWater(path, mark(31, 71, "two")))).toBe("another_identity");
    expect(readHighWater(path)?.identity).toBe("one");
    await raiseHighWater(path, mark(1, 2, "two"), { replace: true });
    expect(readHighWater(path)).toEqual({ version: 1, ...mark(1, 2, "two") });
  });

  test("that is damaged is refused and left as it is", async ({ path }) => {
    await raiseHighWater(path, mark(3, 7));
    for (const text of ["", "{", "{}", JSON.stringify({ version: 2, ...mark(3, 7) })]) {
      writeFileSync(path, text);
      expect(await refusal(() => readHighWater(path))).toBe("damaged");
      expect(await refusal(() => raiseHighWater(path, mark(9, 9)))).toBe("damaged");
      expect(readFileSync(path, "utf8")).toBe(text);
    }
  });

  test("is never lowered or torn by processes that write at the same time", async ({
    path,
    folder,
  }) => {
    const counts = [1, 2, 3].map((offset) => raiseInAnotherProcess(path, offset));
    let seen = 0;
    let isDone = false;
    const done = Promise.all(counts).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      const seq = readHighWater(path)?.audit.seq ?? 0;
      expect(seq).toBeGreaterThanOrEqual(seen);
      seen = seq;
      await new Promise((wake) => setTimeout(wake, 1));
    }
    await done;
    expect(readHighWater(path)).toMatchObject({ beat: 303, audit: { seq: 303 } });
    expect(readdirSync(join(folder, "keys"))).toEqual(["high-water.json"]);
  });

  test("can be written again after a process died in the middle of writing it", async ({
    path,
    folder,
  }) => {
    await raiseHighWater(path, mark(3, 7));
    const longAgo = new Date(Date.now() - 60_000);
    writeFileSync(`${path}.lock`, "a process that died");
    utimesSync(`${path}.lock`, longAgo, longAgo);
    await Promise.all([4, 5, 6].map((beat) => raiseHighWater(path, mark(beat, 8))));
    expect(readHighWater(path)).toMatchObject({ beat: 6, audit: { seq: 8 } });
    expect(readdirSync(join(folder, "keys"))).toEqual(["high-water.json"]);
  });
});

/** Raises a hundred times, in steps of three; with three offsets every number comes once. */
async function raiseInAnotherProcess(path: string, offset: number): Promise<void> {
  const code = `
    const { raiseHighWater } = await import(${JSON.stringify(join(import.meta.dirname, "high-water.ts"))});
    for (let n = ${offset}; n <= 300 + ${offset}; n += 3)
      await raiseHighWater(${JSON.stringify(path)}, { identity: "one", beat: n, audit: { seq: n, hash: "k:" + n, at: "${AT}" }, at: "${AT}" });`;
  await promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    "--input-type=module",
    "--eval",
    code,
  ]);
}
