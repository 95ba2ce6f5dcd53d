import type pg from "pg";
import type { Evidence } from "@/lib/identity/evidence";
import type { Looked } from "@/lib/identity/identity-store";

/** What a node sees that runs where it always ran. */
export const USUAL: Evidence = {
  keyId: "0011aabb",
  keyFile: { path: "/srv/exalate/data/keys/secret.key", inode: "1:42" },
  identityBesideKey: null,
  console: ["https", "sync", "example", "com"],
  label: "PRODUCTION",
  database: { systemId: "7300000000000000001", oid: "16384", name: "exalate" },
  machineId: "a1",
  bootId: "b1",
  host: "node-1",
  addresses: ["10.0.0.5"],
  container: null,
};

/** A starter's look around that finds the usual, but for what a test says. */
export function lookAlike(
  differing: Partial<Evidence> = {},
  rest: Partial<Pick<Looked, "highWater" | "declared">> = {},
): (client: pg.ClientBase) => Promise<Looked> {
  return async () => ({
    evidence: { ...USUAL, ...differing },
    highWater: null,
    declared: { console: null, label: null, isCopy: false },
    ...rest,
  });
}
