import { createHash, randomBytes } from "node:crypto";
import type { TokenLine } from "@/lib/access/people";
import { isRole, type Role } from "@/lib/access/permissions";
import { recordAudit } from "@/lib/audit/audit-store";
import { SetupError } from "@/lib/connections/setup-error";
import type { Db } from "@/lib/db/database";

/** A program with a living token. */
export type TokenHolder = { id: number; name: string; role: Role };

/** Tokens are long and random, so a plain digest protects them at rest. */
function digest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Whose token this is. Null when it is unknown, revoked or expired. */
export async function readToken(db: Db, token: string): Promise<TokenHolder | null> {
  const [row] = await db.$queryRaw<{ id: number; name: string; role: string; isStale: boolean }[]>`
    select id, name, role,
           coalesce(last_used_at < sync_now() - interval '1 minute', true) as "isStale"
      from api_token
     where token_hash = ${digest(token)} and revoked_at is null
       and (expires_at is null or expires_at > sync_now())`;
  if (!row || !isRole(row.role)) return null;
  if (row.isStale)
    await db.$executeRaw`update api_token set last_used_at = sync_now() where id = ${row.id}::int`;
  return { id: row.id, name: row.name, role: row.role };
}

/**
 * Keeps a token's digest under a name. Another token under that name replaces the first; the same one
 * again changes nothing but its role, so that a revoked token stays revoked when the console restarts.
 */
export async function keepToken(db: Db, name: string, token: string, role: Role): Promise<void> {
  await db.$executeRaw`
    insert into api_token as kept (name, token_hash, role, created_at)
    values (${name}, ${digest(token)}, ${role}, sync_now())
    on conflict (name) do update set
      token_hash = excluded.token_hash,
      role = excluded.role,
      -- What a copy revoked with everything else that it came with is given to it again by whoever starts it.
      revoked_at = case when kept.token_hash = excluded.token_hash
        and not exists (select from verdict where decision = 'copy' and decided_by = 'SYNC_IDENTITY' and decided_at >= kept.revoked_at) then kept.revoked_at end,
      expires_at = case when kept.token_hash = excluded.token_hash then kept.expires_at end`;
}

/** Tokens that still work. */
export async function listTokens(db: Db): Promise<TokenLine[]> {
  const tokens = await db.apiToken.findMany({
    where: { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] },
    orderBy: { name: "asc" },
  });
  return tokens.map(({ id, name, role, createdAt, expiresAt, lastUsedAt }) => ({
    id,
    name,
    role,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  }));
}

/** Makes a token for a program. It is returned this once; only its digest is kept. */
export async function createToken(
  db: Db,
  { name, role, days, by }: { name: string; role: Role; days: number | null; by: string },
): Promise<string> {
  const token = `exa_${randomBytes(30).toString("base64url")}`;
  await db.$transaction(async (tx) => {
    const living = await tx.apiToken.findUnique({ where: { name } });
    if (living)
      throw new SetupError(
        "conflict",
        `there is, or was, a token "${name}": give this one another name`,
      );
    await tx.$executeRaw`
      insert into api_token (name, token_hash, role, created_at, expires_at)
      values (${name}, ${digest(token)}, ${role}, sync_now(), sync_now() + ${days}::int * interval '1 day')`;
    await recordAudit(tx, {
      actor: by,
      action: "token.created",
      subject: name,
      detail: { role, days },
    });
  });
  return token;
}

/** Ends a token at once. */
export async function revokeToken(db: Db, { id, by }: { id: number; by: string }): Promise<void> {
  await db.$transaction(async (tx) => {
    const [token] = await tx.$queryRaw<{ name: string }[]>`
      update api_token set revoked_at = sync_now() where id = ${id}::int and revoked_at is null returning name`;
    if (!token)
      throw new SetupError("not_found", "there is no such token, or it was revoked already");
    await recordAudit(tx, { actor: by, action: "token.revoked", subject: token.name });
  });
}
