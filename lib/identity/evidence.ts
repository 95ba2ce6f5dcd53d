import { z } from "zod";
import { addressParts } from "@/lib/identity/address";

/** Where a database says that it is. The last three do not survive a dump; the first not a new cluster. */
const databaseIdentity = z.object({ systemId: z.string(), oid: z.string(), name: z.string() });

/** What a starting worker can see of where, and as whom, it runs. Kept in the database as "then". */
export const evidenceSchema = z.object({
  /** Which key it is, without telling anything about it. */
  keyId: z.string(),
  /** Where the key file lies; null when the key comes from the environment. */
  keyFile: z.object({ path: z.string(), inode: z.string() }).nullable(),
  /** The identity that lies beside the key, outside the database; null when nothing lies there. */
  identityBesideKey: z.string().nullable(),
  /** Null when this process was not told. */
  console: addressParts.nullable(),
  label: z.string().nullable(),
  database: databaseIdentity,
  machineId: z.string().nullable(),
  bootId: z.string().nullable(),
  host: z.string(),
  addresses: z.array(z.string()),
  container: z.string().nullable(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** How far outside the database things had come when the file beside the key was last written. */
export type HighWaterSeen = { beat: number; auditSeq: number; at: string };
/** How far this database has come. `holdsAudit`: its audit holds the record that the file names. */
export type DatabaseAge = {
  beat: number;
  auditSeq: number;
  holdsAudit: boolean;
  lastAt: string | null;
};
