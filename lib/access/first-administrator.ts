import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { hashPassword } from "@/lib/access/password";
import { recordAudit } from "@/lib/audit/audit-store";
import type { Db, DbOrTx } from "@/lib/db/database";

const LINK_HOURS = 24;

export const newAdministrator = z.object({
  name: z.string().trim().min(1).max(100),
  email: z.email().transform((email) => email.trim().toLowerCase()),
  password: z.string().min(12, "at least 12 characters").max(200),
});
export type NewAdministrator = z.infer<typeof newAdministrator>;

/**
 * Sees to it that somebody can sign in. With an account given (from the environment) it is made when
 * there is none yet; without one, a link token is returned that makes it once. Null when there are people already.
 */
export async function ensureFirstAdministrator(
  db: Db,
  given: { email: string; password: string } | null,
): Promise<string | null> {
  if ((await db.user.count()) > 0) return null;
  if (given) {
    const passwordHash = await hashPassword(given.password);
    const email = given.email.trim().toLowerCase();
    const name = email.split("@")[0] ?? email;
    await db.$transaction((tx) => createIfFirst(tx, { name, email, passwordHash }));
    return null;
  }
  const token = randomBytes(24).toString("base64url");
  await db.$executeRaw`
    insert into one_time_link (token_hash, created_at, expires_at)
    values (${digest(token)}, sync_now(), sync_now() + ${LINK_HOURS}::int * interval '1 hour')`;
  return token;
}

/** Whether a link still works. */
export async function isLink(db: Db, token: string): Promise<boolean> {
  const [row] = await db.$queryRaw<unknown[]>`
    select 1 from one_time_link where token_hash = ${digest(token)} and used_at is null and expires_at > sync_now()
      and not exists (select from user_account)`;
  return row !== undefined;
}

/** Makes the first administrator, once. `false`: the link was used, expired, or somebody was first. */
export async function welcome(db: Db, token: string, input: NewAdministrator): Promise<boolean> {
  if (!(await isLink(db, token))) return false;
  const passwordHash = await hashPassword(input.password);
  return db.$transaction(async (tx) => {
    // Two people with the same link: the update takes turns, and only one finds it unused.
    const used = await tx.$executeRaw`
      update one_time_link set used_at = sync_now()
       where token_hash = ${digest(token)} and used_at is null and expires_at > sync_now()`;
    if (used === 0) return false;
    return createIfFirst(tx, { name: input.name, email: input.email, passwordHash });
  });
}

/** `false` when there is somebody already. Takes turns: two consoles may start, or two links be used, at once. */
async function createIfFirst(
  tx: DbOrTx,
  person: { name: string; email: string; passwordHash: string },
): Promise<boolean> {
  await tx.$executeRaw`lock table user_account in share row exclusive mode`;
  if ((await tx.user.count()) > 0) return false;
  await tx.user.create({ data: { ...person, role: "administrator" } });
  await recordAudit(tx, {
    actor: person.email,
    action: "person.created",
    subject: person.email,
    detail: { role: "administrator" },
  });
  return true;
}

function digest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
