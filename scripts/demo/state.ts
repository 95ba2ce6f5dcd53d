import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findEmbedded, startEmbedded } from "@/lib/db/embedded";

/** What the demo keeps between two runs, beside the node's own data. */
export type DemoState = {
  adminEmail: string;
  adminPassword: string;
  apiToken: string;
  /** False until everything is seeded: a preparation that was interrupted is begun anew. */
  isSeeded: boolean;
};

/** The state of the last run, or a new one in an emptied directory. `isFresh` asks for the latter. */
export async function openState(directory: string, isFresh: boolean): Promise<DemoState> {
  const known = await readState(directory);
  if (known?.isSeeded && !isFresh) return known;
  await empty(directory);
  const state: DemoState = {
    adminEmail: "admin@example.com",
    adminPassword: randomBytes(9).toString("base64url"),
    apiToken: randomBytes(24).toString("hex"),
    isSeeded: false,
  };
  await saveState(directory, state);
  return state;
}

export async function saveState(directory: string, state: DemoState): Promise<void> {
  const file = stateFile(directory);
  await writeFile(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** The state of the last run; null when there was none. */
export async function readState(directory: string): Promise<DemoState | null> {
  try {
    return JSON.parse(await readFile(stateFile(directory), "utf8")) as DemoState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Refuses, by what `startEmbedded` says, while a demo is running from there. */
async function empty(directory: string): Promise<void> {
  if (await findEmbedded(directory)) await (await startEmbedded(directory)).stop();
  try {
    await rm(directory, { recursive: true, force: true });
    await mkdir(join(directory, "simulators"), { recursive: true });
  } catch (cause) {
    throw new Error(`cannot write to ${directory}: change its owner, or set DATA_DIR`, { cause });
  }
}

function stateFile(directory: string): string {
  return join(directory, "demo.json");
}
