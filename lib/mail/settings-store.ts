import { nodeKey, SealError, seal, unseal } from "@/lib/access/seal";
import { recordAudit } from "@/lib/audit/audit-store";
import { SetupError } from "@/lib/connections/setup-error";
import type { Db, DbOrTx } from "@/lib/db/database";
import type { MailSettings as MailRow } from "@/lib/db/generated/client";
import { MAIL_KINDS, MAIL_SECURITY, type MailLine, type MailSettings } from "@/lib/mail/mail";
import type { MailInput, MailServerInput, TestMailInput } from "@/lib/mail/mail-input";
import { type MailNetwork, type MailServer, postMail } from "@/lib/mail/smtp";

const LINES = 20;

/** Null: nobody has set them yet. The password never leaves this file but to its server. */
export async function readMailSettings(db: DbOrTx): Promise<MailSettings | null> {
  const [row, node] = await Promise.all([
    db.mailSettings.findUnique({ where: { id: 1 } }),
    db.node.findUniqueOrThrow({ where: { id: 1 }, select: { identity: true } }),
  ]);
  if (!row) return null;
  const { isOn, recipients, backlogHours } = row;
  const { host, port, user, sender, secret } = row;
  return {
    isOn,
    server: { host, port, security: securityOf(row), user, sender, hasPassword: secret !== null },
    recipients,
    kinds: MAIL_KINDS.filter((kind) => row.kinds.includes(kind)),
    backlogHours,
    isOurs: row.identity === node.identity,
  };
}

/** The last mails, newest first, and how much waits to be told in the next ones. */
export async function listMails(db: DbOrTx): Promise<{ mails: MailLine[]; waiting: number }> {
  const [rows, waiting] = await Promise.all([
    db.mail.findMany({
      orderBy: { id: "desc" },
      take: LINES,
      omit: { identity: true, body: true },
    }),
    db.mailNotice.count({ where: { mailId: null }, take: 1_000 }),
  ]);
  const mails = rows.map(({ lost: _, claimedUntil: __, ...row }) => ({
    ...row,
    kind: row.kind as MailLine["kind"],
    state: row.state as MailLine["state"],
    madeAt: row.madeAt.toISOString(),
    dueAt: row.dueAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  }));
  return { mails, waiting };
}

/**
 * Saves how mail is sent, to whom and what for; they belong to this node's identity from then on. Throws
 * `SetupError` when a password is needed: a stored one goes to the server that it was entered for, and to
 * no other.
 */
export async function saveMailSettings(
  db: Db,
  { by, ...input }: MailInput & { by: string },
): Promise<void> {
  const { isOn, server, recipients, kinds, backlogHours } = input;
  await db.$transaction(async (tx) => {
    const before = await tx.mailSettings.findUnique({ where: { id: 1 } });
    const password = passwordFor(server, before);
    const { host, port, security, user, sender } = server;
    const { identity } = await tx.node.findUniqueOrThrow({ where: { id: 1 } });
    const secret = password === null ? null : seal(nodeKey(), password, sealedFor(server));
    await tx.$executeRaw`
      insert into mail_settings as m (identity, is_on, host, port, security, user_name, secret, sender, recipients,
                                      kinds, backlog_hours, told_to)
      values (${identity}::uuid, ${isOn}, ${host}, ${port}::int, ${security}, ${user}, ${secret}, ${sender},
              ${recipients}, ${kinds}, ${backlogHours}::int, sync_now())
      on conflict (id) do update
         set is_on = excluded.is_on, host = excluded.host, port = excluded.port, security = excluded.security,
             user_name = excluded.user_name, secret = excluded.secret, sender = excluded.sender,
             recipients = excluded.recipients, kinds = excluded.kinds, backlog_hours = excluded.backlog_hours,
             -- What happened while nobody was told is not news any more.
             told_to = case when m.is_on and m.identity = excluded.identity then m.told_to else excluded.told_to end,
             identity = excluded.identity`;
    await forgetUnwanted(tx, { isOn, kinds, isNew: before?.identity !== identity });
    await recordAudit(tx, {
      actor: by,
      action: "settings.mail_changed",
      detail: {
        isOn,
        server: `${host}:${port}`,
        security,
        user,
        sender,
        recipients,
        kinds,
        backlogHours,
        newPassword: server.password !== undefined,
      },
    });
  });
}

/** Sends a mail by these settings, saved or not, and tells the server's own answer. Audited. */
export async function sendTestMail(
  db: Db,
  { server, recipients, by }: TestMailInput & { by: string },
  network: MailNetwork,
): Promise<{ isSent: boolean; answer: string }> {
  const before = await db.mailSettings.findUnique({ where: { id: 1 } });
  const password = passwordFor(server, before);
  const { label, identity } = await db.node.findUniqueOrThrow({ where: { id: 1 } });
  const { kind, answer } = await postMail(
    { ...server, password },
    {
      subject: `[${label ?? "Exalate"}] A test mail`,
      body: `${by} asked for this mail on the settings page of the Exalate console. The way from the console to you works.`,
      recipients,
      messageId: `<test.${Date.now()}.${identity}@exalate>`,
    },
    network,
  );
  await recordAudit(db, {
    actor: by,
    action: "settings.mail_tested",
    subject: `${server.host}:${server.port}`,
    detail: { recipients, isSent: kind === "sent", answer },
  });
  return { isSent: kind === "sent", answer };
}

/** The saved server with its password, for a worker that sends. Throws `SealError` when the key is another. */
export function serverOf(row: MailRow): MailServer {
  const { host, port, user, sender, secret } = row;
  const password = secret === null ? null : unseal(nodeKey(), secret, sealedFor(row));
  return { host, port, security: securityOf(row), user, password, sender };
}

/** What nobody wants to be told any more is not told later either; what came with a copy is another node's news. */
async function forgetUnwanted(
  tx: DbOrTx,
  { isOn, kinds, isNew }: { isOn: boolean; kinds: string[]; isNew: boolean },
): Promise<void> {
  const isAll = isNew || !isOn;
  await tx.$executeRaw`
    delete from mail_notice where mail_id is null and (${isAll}::bool or kind <> all (${kinds}::text[]))`;
  if (!isAll) return;
  await tx.$executeRaw`delete from mail_standing`;
  await tx.$executeRaw`
    update mail set state = 'failed', ended_at = sync_now(), answer = 'Mail was switched off.'
     where state = 'waiting'`;
}

type Place = Pick<MailServerInput, "host" | "port" | "user">;

function sealedFor({ host, port, user }: Place): string {
  return `mail|${host}:${port}|${user ?? ""}`;
}

function passwordFor(server: MailServerInput, stored: MailRow | null): string | null {
  const { host, port, security, user, password } = server;
  if (user === null) return null;
  if (password !== undefined) return password;
  const isSame =
    stored?.secret &&
    stored.host === host &&
    stored.port === port &&
    stored.user === user &&
    stored.security === security;
  if (!isSame)
    throw new SetupError(
      "invalid",
      `enter the password of ${user} at ${host}: a stored one goes only where it was entered for`,
    );
  try {
    return serverOf(stored).password;
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    throw new SetupError("invalid", `enter the password again: ${error.message}`);
  }
}

function securityOf({ security }: Pick<MailRow, "security">): MailServer["security"] {
  const known = MAIL_SECURITY.find((each) => each === security);
  if (!known) throw new Error(`the database holds an unknown way to a mail server: ${security}`);
  return known;
}
