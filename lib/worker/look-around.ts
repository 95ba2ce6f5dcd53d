import type pg from "pg";
import { keyFile, keyId, nodeKey } from "@/lib/access/seal";
import type { Env } from "@/lib/env";
import { type Declared, observe } from "@/lib/identity/evidence-store";
import { highWaterPath, readHighWater } from "@/lib/identity/high-water";
import type { Looked } from "@/lib/identity/identity-store";

/** Everything a starting worker can see: this process, this machine, the database, and what lies beside the key. */
export async function lookAround(
  client: pg.ClientBase,
  env: Env,
  declared: Declared,
): Promise<Looked> {
  const mark = readHighWater(highWaterPath(env));
  const evidence = await observe(client, {
    declared,
    keyId: keyId(nodeKey()),
    keyPath: env.SECRET_KEY ? null : keyFile(env),
    identityBesideKey: mark?.identity ?? null,
  });
  return {
    evidence,
    declared,
    highWater: mark && {
      identity: mark.identity,
      beat: mark.beat,
      auditSeq: mark.audit.seq,
      auditHash: mark.audit.hash,
      at: mark.at,
    },
  };
}
