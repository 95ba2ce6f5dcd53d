import { readFileSync, statSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import type pg from "pg";
import type { Env } from "@/lib/env";
import { type AddressParts, toParts } from "@/lib/identity/address";
import type { Evidence } from "@/lib/identity/evidence";

/** What a process was told about the node it belongs to. Null: it was not told. */
export type Declared = {
  console: AddressParts | null;
  label: string | null;
  /** Declared to be a copy before its first start (`SYNC_IDENTITY=copy`). */
  isCopy: boolean;
};

export type ObserveInput = {
  declared: Declared;
  keyId: string;
  /** Null when the key comes from the environment. */
  keyPath: string | null;
  identityBesideKey: string | null;
};

/** What this process was told by its environment; `consoleUrl` null when it was not told. */
export function declaredBy(
  { NODE_LABEL, SYNC_IDENTITY }: Pick<Env, "NODE_LABEL" | "SYNC_IDENTITY">,
  consoleUrl: string | null,
): Declared {
  return {
    console: consoleUrl ? toParts(consoleUrl) : null,
    label: NODE_LABEL ?? null,
    isCopy: SYNC_IDENTITY === "copy",
  };
}

/** Looks at where this process runs. What cannot be read is null: it then proves nothing either way. */
export async function observe(client: pg.ClientBase, input: ObserveInput): Promise<Evidence> {
  const { rows } = await client.query<Evidence["database"]>(
    `select (select system_identifier::text from pg_control_system()) as "systemId",
            oid::text as oid, datname as name from pg_database where datname = current_database()`,
  );
  if (!rows[0]) throw new Error("the database did not say which one it is");
  return {
    keyId: input.keyId,
    keyFile: input.keyPath === null ? null : keyFile(input.keyPath),
    identityBesideKey: input.identityBesideKey,
    console: input.declared.console,
    label: input.declared.label,
    database: rows[0],
    machineId: readText("/etc/machine-id"),
    bootId: readText("/proc/sys/kernel/random/boot_id"),
    host: hostname(),
    addresses: Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === "IPv4")
      .map(({ address }) => address)
      .sort(),
    container: containerId(readText("/proc/self/mountinfo") ?? ""),
  };
}

function keyFile(path: string): Evidence["keyFile"] {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return { path, inode: `${dev}:${ino}` };
  } catch {
    return null;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim() || null;
  } catch {
    return null;
  }
}

/** Docker and containerd mount a container's host name file from a folder that carries its id. */
function containerId(mounts: string): string | null {
  return /\/containers\/([0-9a-f]{12})[0-9a-f]{52}\//.exec(mounts)?.[1] ?? null;
}
