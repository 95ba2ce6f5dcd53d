import { createHash, randomBytes } from "node:crypto";
import { hashPassword } from "@/lib/access/password";
import type { InvitationLine, PersonLine, SessionLine } from "@/lib/access/people";
import type { Role } from "@/lib/access/permissions";
import { IDLE_HOURS, type SignedIn } from "@/lib/access/session-store";
import { confirmPassword, type PasswordAnswer } from "@/lib/access/sign-in";
import { recordAudit } from "@/lib/audit/audit-store";
import { SetupError } from "@/lib/connections/setup-error";
import type { Db, DbOrTx } from "@/lib/db/database";

/** Long enough for somebody who is away for a weekend. */
const INVITATION_HOURS = 72;

type By = { by: string };

/** Sessions that a browser can still use. */
function living() {
  const idleSince = new Date(Date.now() - IDLE_HOURS * 3_600_000);
  return { endedAt: null, expiresAt: { gt: new Date() }, seenAt: { gt: idleSince } };
}

/** Everybody who may sign in, with what they have open. */
export async function listPeople(db: Db): Promise<PersonLine[]> {
  const people = await db.user.findMany({
    orderBy: { name: "asc" },
    include: {
      sessions: {
        where: living(),
        select: { seenAt: true },
        orderBy: { seenAt: "desc" },
      },
    },
  });
  return people.map(({ id, name, email, role, createdAt, disabledAt, sessions }) => ({
    id,
    name,
    email,
    role,
    createdAt: createdAt.toISOString(),
    disabledAt: disabledAt?.toISOString() ?? null,
    sessions: sessions.length,
    seenAt: sessions[0]?.seenAt.toISOString() ?? null,
  }));
}

/** Invitations that still work. */
export async function listInvitations(db: Db): Promise<InvitationLine[]> {
  const open = await db.invitation.findMany({
    where: { usedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { createdAt: "desc" },
  });
  return open.map(({ email, name, role, invitedBy, expiresAt }) => ({
    email,
    name,
    role,
    invitedBy,
    expiresAt: expiresAt.toISOString(),
  }));
}

/** Invites somebody. Returns the link's token, this once; an earlier invitation of theirs stops working. */
export async function invite(
  db: Db,
  { name, email, role, by }: By & { name: string; email: string; role: Role },
): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  await db.$transaction(async (tx) => {
    if (await tx.user.findUnique({ where: { email } }))
      throw new SetupError("conflict", `${email} has an account already`);
    await tx.invitation.deleteMany({ where: { email, usedAt: null } });
    await tx.$executeRaw`
      insert into invitation (token_hash, email, name, role, invited_by, created_at, expires_at)
      values (${digest(token)}, ${email}, ${name}, ${role}, ${by}, sync_now(),
              sync_now() + ${INVITATION_HOURS}::int * interval '1 hour')`;
    await recordAudit(tx, {
      actor: by,
      action: "person.invited",
      subject: email,
      detail: { role },
    });
  });
  return token;
}

/** Who a link is for; null when it was used, has expired or never was. */
export async function invitationOf(
  db: Db,
  token: string,
): Promise<{ name: string; email: string } | null> {
  const [row] = await db.$queryRaw<{ name: string; email: string }[]>`
    select name, email from invitation
     where token_hash = ${digest(token)} and used_at is null and expires_at > sync_now()`;
  return row ?? null;
}

/** Makes the account of somebody who was invited, once. `false`: the link does not work any more. */
export async function acceptInvitation(db: Db, token: string, password: string): Promise<boolean> {
  if (!(await invitationOf(db, token))) return false;
  const passwordHash = await hashPassword(password);
  return db.$transaction(async (tx) => {
    // Two people with one link: the update takes turns, and only one finds it unused.
    const [used] = await tx.$queryRaw<{ email: string; name: string; role: string }[]>`
      update invitation set used_at = sync_now()
       where token_hash = ${digest(token)} and used_at is null and expires_at > sync_now()
      returning email, name, role`;
    if (!used || (await tx.user.findUnique({ where: { email: used.email } }))) return false;
    await tx.user.create({ data: { ...used, passwordHash } });
    await recordAudit(tx, {
      actor: used.email,
      action: "person.created",
      subject: used.email,
      detail: { role: used.role },
    });
    return true;
  });
}

/** Gives somebody another role. It counts from their next click. */
export async function changeRole(
  db: Db,
  { id, role, by }: By & { id: number; role: Role },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const person = await personOf(tx, id);
    if (person.role === "administrator" && role !== "administrator")
      await keepOneAdministrator(tx, id);
    await tx.user.update({ where: { id }, data: { role } });
    await recordAudit(tx, {
      actor: by,
      action: "person.role_changed",
      subject: person.email,
      detail: { from: person.role, to: role },
    });
  });
}

/** Locks somebody out at once, or lets them in again. */
export async function setDisabled(
  db: Db,
  { id, disabled, by }: By & { id: number; disabled: boolean },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const person = await personOf(tx, id);
    if (person.email === by && disabled)
      throw new SetupError("invalid", "you cannot disable yourself: ask another administrator");
    if (disabled) {
      await keepOneAdministrator(tx, id);
      await endSessions(tx, id, null);
    }
    await tx.$executeRaw`
      update user_account set disabled_at = case when ${disabled}::bool then sync_now() end where id = ${id}::int`;
    await recordAudit(tx, {
      actor: by,
      action: disabled ? "person.disabled" : "person.enabled",
      subject: person.email,
    });
  });
}

/** Ends all sessions of somebody; they can sign in again. */
export async function endSessionsOf(db: Db, { id, by }: By & { id: number }): Promise<number> {
  return db.$transaction(async (tx) => {
    const person = await personOf(tx, id);
    const ended = await endSessions(tx, id, null);
    await recordAudit(tx, {
      actor: by,
      action: "person.sessions_ended",
      subject: person.email,
      detail: { sessions: ended },
    });
    return ended;
  });
}

/** Somebody's open sessions, the one seen last first; the one of whoever asks is marked. Throws when there is no such person. */
export async function listSessions(
  db: Db,
  userId: number,
  presentId: string | null,
): Promise<SessionLine[]> {
  await personOf(db, userId);
  const sessions = await db.session.findMany({
    where: { userId, ...living() },
    orderBy: { seenAt: "desc" },
  });
  return sessions.map(({ id, createdAt, seenAt, userAgent }) => ({
    id,
    createdAt: createdAt.toISOString(),
    seenAt: seenAt.toISOString(),
    userAgent,
    isPresent: id === presentId,
  }));
}

/** Ends one session of somebody. Throws when they have none such that is open. */
export async function endSessionOf(
  db: Db,
  { userId, sessionId, by }: By & { userId: number; sessionId: string },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const person = await personOf(tx, userId);
    const [ended] = await tx.$queryRaw<{ userAgent: string | null }[]>`
      update session set ended_at = sync_now()
       where id = ${sessionId}::uuid and user_id = ${userId}::int and ended_at is null
      returning user_agent as "userAgent"`;
    if (!ended) throw new SetupError("not_found", "this session has ended already");
    await recordAudit(tx, {
      actor: by,
      action: "session.ended",
      subject: person.email,
      detail: { userAgent: ended.userAgent },
    });
  });
}

/** Ends one's own sessions but the present one. */
export async function endOtherSessions(
  db: Db,
  { userId, presentId, by }: By & { userId: number; presentId: string },
): Promise<number> {
  return db.$transaction(async (tx) => {
    const ended = await endSessions(tx, userId, presentId);
    await recordAudit(tx, {
      actor: by,
      action: "session.others_ended",
      detail: { sessions: ended },
    });
    return ended;
  });
}

/**
 * A new password of one's own; all other sessions end. The old one is tried as in `confirmPassword`, so that
 * whoever finds a console open cannot guess at it. Nothing is changed unless the answer is `right`.
 */
export async function changePassword(
  db: Db,
  person: SignedIn,
  { old, next }: { old: string; next: string },
): Promise<PasswordAnswer> {
  const answer = await confirmPassword(db, person, old);
  if (answer !== "right") return answer;
  const passwordHash = await hashPassword(next);
  await db.$transaction(async (tx) => {
    await tx.user.update({ where: { id: person.id }, data: { passwordHash } });
    await endSessions(tx, person.id, person.sessionId);
    await recordAudit(tx, {
      actor: person.email,
      action: "person.password_changed",
      subject: person.email,
    });
  });
  return answer;
}

function endSessions(tx: DbOrTx, userId: number, except: string | null): Promise<number> {
  return tx.$executeRaw`
    update session set ended_at = sync_now()
     where user_id = ${userId}::int and ended_at is null and id is distinct from ${except}::uuid`;
}

async function personOf(tx: DbOrTx, id: number) {
  const person = await tx.user.findUnique({ where: { id } });
  if (!person) throw new SetupError("not_found", "there is no such person");
  return person;
}

/** Two administrators who disable each other at once: the lock lets only one of them. */
async function keepOneAdministrator(tx: DbOrTx, leaving: number): Promise<void> {
  await tx.$executeRaw`lock table user_account in share row exclusive mode`;
  const others = await tx.user.count({
    where: { role: "administrator", disabledAt: null, id: { not: leaving } },
  });
  if (others === 0)
    throw new SetupError("invalid", "this is the last administrator: make somebody else one first");
}

function digest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
