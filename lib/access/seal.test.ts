import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { test as base, describe, expect } from "vitest";
import { derivedSecret, readOrCreateKey, SealError, seal, unseal } from "@/lib/access/seal";

const test = base.extend<{ folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "seal-"));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

const KEY = Buffer.alloc(32, 1);
const ANOTHER_KEY = Buffer.alloc(32, 2);

/** The code of the `SealError` that `open` throws. */
function refusal(open: () => string): string {
  try {
    return `opened: ${open()}`;
  } catch (error) {
    if (error instanceof SealError) return error.code;
    throw error;
  }
}

describe("secrets at rest", () => {
  test("a secret opens with the key and for the purpose it was sealed with", () => {
    const sealed = seal(KEY, "a token of Zürich", "instance|1");
    expect(sealed).not.toContain("token");
    expect(unseal(KEY, sealed, "instance|1")).toBe("a token of Zürich");
  });

  test("sealing the same secret twice does not tell that it is the same", () => {
    expect(seal(KEY, "token", "instance|1")).not.toBe(seal(KEY, "token", "instance|1"));
  });

  test("a database copied without its key file cannot open a secret, and says why", () => {
    const sealed = seal(KEY, "token", "instance|1");
    expect(refusal(() => unseal(ANOTHER_KEY, sealed, "instance|1"))).toBe("another_key");
  });

  test("a sealed secret that was moved to another row or altered does not open", () => {
    const sealed = seal(KEY, "token", "instance|1");
    expect(refusal(() => unseal(KEY, sealed, "instance|2"))).toBe("damaged");
    const end = sealed.endsWith("A") ? "B" : "A";
    expect(refusal(() => unseal(KEY, sealed.slice(0, -8) + end.repeat(8), "instance|1"))).toBe(
      "damaged",
    );
    expect(refusal(() => unseal(KEY, "not sealed at all", "instance|1"))).toBe("damaged");
  });

  test("secrets for two purposes differ, and each is the same in every process", () => {
    expect(derivedSecret("one", KEY)).toBe(derivedSecret("one", Buffer.alloc(32, 1)));
    expect(derivedSecret("one", KEY)).not.toBe(derivedSecret("two", KEY));
    expect(derivedSecret("one", KEY)).not.toBe(derivedSecret("one", ANOTHER_KEY));
  });
});

describe("the key file", () => {
  test("is made once, readable by its owner only, and kept afterwards", ({ folder }) => {
    const path = join(folder, "keys", "secret.key");
    const key = readOrCreateKey(path);
    expect(key).toHaveLength(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readOrCreateKey(path)).toEqual(key);
  });

  test("processes that start at the same time agree on one key and leave no drafts", async ({
    folder,
  }) => {
    const path = join(folder, "keys", "secret.key");
    const starters = Array.from({ length: 4 }, () => keyOfAnotherThread(path));
    const keys = await Promise.all(starters);
    expect(new Set(keys).size).toBe(1);
    expect(readdirSync(join(folder, "keys"))).toEqual(["secret.key"]);
  });

  test("one that does not hold a key is refused, not replaced", ({ folder }) => {
    const path = join(folder, "secret.key");
    writeFileSync(path, "not a key");
    expect(() => readOrCreateKey(path)).toThrow("does not hold 32 bytes");
    expect(readFileSync(path, "utf8")).toBe("not a key");
  });
});

function keyOfAnotherThread(path: string): Promise<string> {
  const code = `
    const { parentPort, workerData } = require("node:worker_threads");
    require("tsx/cjs");
    const { readOrCreateKey } = require(workerData.module);
    parentPort.postMessage(readOrCreateKey(workerData.path).toString("hex"));`;
  const module = join(import.meta.dirname, "seal.ts");
  return new Promise((resolve, reject) => {
    const worker = new Worker(code, { eval: true, workerData: { path, module } });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}
