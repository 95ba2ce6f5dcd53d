import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Env } from "@/lib/env";

const schema = z.strictObject({
  version: z.literal(1),
  identity: z.string().min(1),
  beat: z.number().int().min(0),
  audit: z.strictObject({
    seq: z.number().int().min(0),
    hash: z.string(),
    at: z.iso.datetime(),
  }),
  at: z.iso.datetime(),
});

/**
 * How far this node has come, kept outside its database: a database that is behind this was restored,
 * and one that says otherwise was rewritten. It lies beside the key, where a copy of the database does not reach.
 */
export type HighWater = z.infer<typeof schema>;
export type HighWaterMark = Omit<HighWater, "version">;

/** The file cannot be believed. `damaged`: not what we write; `another_identity`: of another node. */
export class HighWaterError extends Error {
  readonly code: "damaged" | "another_identity";

  constructor(
    code: "damaged" | "another_identity",
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "HighWaterError";
    this.code = code;
  }
}

/** Where it is kept: beside the key file, or where that would be. */
export function highWaterPath({
  SECRET_KEY,
  SECRET_KEY_FILE,
  DATA_DIR,
}: Pick<Env, "SECRET_KEY" | "SECRET_KEY_FILE" | "DATA_DIR">): string {
  const hasKeyFile = !SECRET_KEY && SECRET_KEY_FILE;
  return join(hasKeyFile ? dirname(SECRET_KEY_FILE) : join(DATA_DIR, "keys"), "high-water.json");
}

/** What was kept last, or null when nothing was. Throws a `HighWaterError` for a file that is not ours. */
export function readHighWater(path: string): HighWater | null {
  const text = readIfThere(path);
  if (text === null) return null;
  const parsed = schema.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  throw new HighWaterError(
    "damaged",
    `${path} does not hold a high-water mark: bring it back from a backup, or move it away once you know what happened to it`,
    { cause: parsed.error },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Raises what is kept, and returns what is kept then. Neither number ever falls, whoever writes at the
 * same time; a record with another hash under the number that is kept does not replace it. A file of
 * another identity is refused, unless `replace` says that this node is another from now on.
 */
export async function raiseHighWater(
  path: string,
  mark: HighWaterMark,
  { replace = false } = {},
): Promise<HighWater> {
  const given = schema.parse({ version: 1, ...mark });
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return withLock(`${path}.lock`, () => {
    const kept = readHighWater(path);
    if (kept && kept.identity !== given.identity && !replace)
      throw new HighWaterError(
        "another_identity",
        `${path} is of the node ${kept.identity}, and this is ${given.identity}`,
      );
    const higher = kept?.identity === given.identity ? highest(kept, given) : given;
    if (JSON.stringify(higher) !== JSON.stringify(kept)) replaceFile(path, higher);
    return higher;
  });
}

function highest(kept: HighWater, given: HighWater): HighWater {
  return {
    ...given,
    beat: Math.max(kept.beat, given.beat),
    audit: given.audit.seq > kept.audit.seq ? given.audit : kept.audit,
    at: Date.parse(given.at) > Date.parse(kept.at) ? given.at : kept.at,
  };
}

/** Whole or not at all, also after a power failure. */
function replaceFile(path: string, content: HighWater): void {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const file = openSync(draft, "wx", 0o600);
  try {
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

const LOOK_AGAIN_MS = 5;
/** A lock is held for one read and one write without a pause; an older one belongs to a process that died. */
const STALE_MS = 5_000;

/** Runs `work` while no other process of this machine does; `work` may not wait for anything. */
async function withLock<T>(lock: string, work: () => T): Promise<T> {
  const owner = randomBytes(12).toString("hex");
  while (!takeLock(lock, owner)) {
    breakIfStale(lock);
    await pause(LOOK_AGAIN_MS * (1 + Math.random()));
  }
  try {
    return work();
  } finally {
    if (readIfThere(lock) === owner) rmSync(lock, { force: true });
  }
}

/** A link appears whole or not at all, and never replaces: one of many gets it, and its owner can be read. */
function takeLock(lock: string, owner: string): boolean {
  const draft = `${lock}.${owner}`;
  writeFileSync(draft, owner, { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if (isFileError(error, "EEXIST")) return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Only who holds the marker may remove a lock of somebody else's, and looks again first: it may be a new one. */
function breakIfStale(lock: string): void {
  if (!isStale(lock)) return;
  const marker = `${lock}.breaking`;
  if (isStale(marker)) rmSync(marker, { force: true });
  try {
    writeFileSync(marker, "", { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (isFileError(error, "EEXIST")) return;
    throw error;
  }
  try {
    if (isStale(lock)) rmSync(lock, { force: true });
  } finally {
    rmSync(marker, { force: true });
  }
}

function isStale(path: string): boolean {
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  return age > STALE_MS;
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isFileError(error, "ENOENT")) return null;
    throw error;
  }
}

function isFileError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
