import { createHash, randomUUID } from "node:crypto";
import {
  copyFileSync,
  createWriteStream,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
} from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** A content that is kept: named by what it is, so that clones and backups of one machine share it. */
export type KeptFile = { sha256: string; size: number };

let ofThisProcess: string | undefined;

/** A folder for the contents of simulators that save nothing; it ends with the process. */
export function passingFolder(): string {
  if (ofThisProcess) return ofThisProcess;
  const folder = mkdtempSync(join(tmpdir(), "jira-simulator-files-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  ofThisProcess = folder;
  return folder;
}

export function pathOf(folder: string, sha256: string): string {
  return join(folder, sha256);
}

/** Writes a content to disk as it comes, never more of it in memory than a chunk. Leaves nothing when it breaks off. */
export async function keepFile(
  folder: string,
  content: AsyncIterable<Uint8Array>,
): Promise<KeptFile> {
  await mkdir(folder, { recursive: true });
  const passing = join(folder, `.${randomUUID()}`);
  const hash = createHash("sha256");
  let size = 0;
  async function* counted() {
    for await (const chunk of content) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }
  try {
    await pipeline(counted, createWriteStream(passing));
    const sha256 = hash.digest("hex");
    await rename(passing, pathOf(folder, sha256));
    return { sha256, size };
  } catch (error) {
    await rm(passing, { force: true });
    throw error;
  }
}

/** Takes contents over from another simulator's folder, for what a snapshot of it names. */
export function takeOver(folder: string, from: string, names: readonly string[]): void {
  if (from === folder) return;
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const [there, here] = [pathOf(from, name), pathOf(folder, name)];
    if (existsSync(here) || !existsSync(there)) continue;
    try {
      linkSync(there, here);
    } catch {
      copyFileSync(there, here); // another file system
    }
  }
}
