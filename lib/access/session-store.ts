import { randomUUID } from "node:crypto";
import { isRole, type Role } from "@/lib/access/permissions";
import { recordAudit } from "@/lib/audit/audit-store";
import type { Db, DbOrTx } from "@/lib/db/database";

const LONGEST_HOURS = 12;
/** After this time without a request a session is refused. */
export const IDLE_HOURS = 2;
/** `seenAt` is exact to this, so that reading a page is not a write. */
const SEEN_EVERY_MS = 60_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** After this time what cannot be undone asks for the password again (OWASP ASVS 7.5.3). */
const PASSWORD_MINUTES = 15;

/** A person with a living session. `isPasswordOld`: it was entered long ago, and somebody else may sit there. */
export type SignedIn = {
  id: number;
  name: string;
  email: string;
  role: Role;
  sessionId: string;
  isPasswordOld: boolean;
};

/** Begins a session; its id is what the cookie carries. */
export async function startSession(
  db: DbOrTx,
  userId: number,
  userAgent: string | null,
): Promise<string> {
  const id = randomUUID();
  await db.$executeRaw`
    insert into session (id, user_id, created_at, seen_at, password_at, expires_at, user_agent)
    values (${id}::uuid, ${userId}::int, sync_now(), sync_now(), sync_now(),
            sync_now() + ${LONGEST_HOURS}::int * interval '1 hour', ${userAgent?.slice(0, 200) ?? null})`;
  return id;
}

/**
 * Who this session belongs to. Null when it ended, expired, lay idle, or its person was disabled:
 * asked on every request, so that ending a session ends it at once.
 */
export async function readSession(db: DbOrTx, sessionId: string): Promise<SignedIn | null> {
  if (!UUID.test(sessionId)) return null;
  const [row] = await db.$queryRaw<(Omit<SignedIn, "role"> & { role: string; isStale: boolean })[]>`
    select u.id, u.name, u.email, u.role, s.id::text as "sessionId",
           s.password_at < sync_now() - ${PASSWORD_MINUTES}::int * interval '1 minute' as "isPasswordOld",
           s.seen_at < sync_now() - ${SEEN_EVERY_MS}::int * interval '1 millisecond' as "isStale"
      from session s join user_account u on u.id = s.user_id
     where s.id = ${sessionId}::uuid and s.ended_at is null and s.expires_at > sync_now()
       and s.seen_at > sync_now() - ${IDLE_HOURS}::int * interval '1 hour' and u.disabled_at is null`;
  if (!row || !isRole(row.role)) return null;
  const { isStale, ...signedIn } = row;
  if (isStale)
    await db.$executeRaw`update session set seen_at = sync_now() where id = ${sessionId}::uuid`;
  return { ...signedIn, role: row.role };
}

/** The person has entered the password again. */
export async function notePassword(db: DbOrTx, sessionId: string): Promise<void> {
  await db.$executeRaw`
    update session set password_at = sync_now() where id = ${sessionId}::uuid and ended_at is null`;
}

/** Ends a session; requests that carry it are refused from now on. An ended one stays as it is. */
export async function endSession(db: Db, sessionId: string): Promise<void> {
  if (!UUID.test(sessionId)) return;
  await db.$transaction(async (tx) => {
    const [person] = await tx.$queryRaw<{ email: string }[]>`
      update session s set ended_at = sync_now() from user_account u
       where s.id = ${sessionId}::uuid and s.ended_at is null and u.id = s.user_id
      returning u.email`;
    if (person) await recordAudit(tx, { actor: person.email, action: "session.ended" });
  });
}
