import type pg from "pg";
import { SealError } from "@/lib/access/seal";
import type { Db } from "@/lib/db/database";
import { type AddressParts, fromParts } from "@/lib/identity/address";
import type { VerdictKind } from "@/lib/identity/verdict";
import { addressed } from "@/lib/mail/compose";
import { MOST_LOST, type Posted, pauseMinutes } from "@/lib/mail/mail";
import { serverOf } from "@/lib/mail/settings-store";
import { type MailNetwork, postMail } from "@/lib/mail/smtp";

/** Longer than a mail can take. */
const CLAIMED_S = 120;

type Claimed = {
  id: number;
  attempts: number;
  lost: number;
  state: "sending" | "failed";
  subject: string;
  body: string;
};

/**
 * Sends what is due, one mail after the other; returns how many left. Of several workers each mail is one's. A
 * worker that dies while it sends leaves a claim that runs out: the mail is then sent once more, saying that it
 * may have come before; the next time it is given up.
 */
export async function sendDueMails(
  { pool, db }: { pool: pg.Pool; db: Db },
  network: MailNetwork & { consoleUrl: string },
  isOver: () => boolean = () => false,
): Promise<number> {
  let sent = 0;
  while (!isOver()) {
    const claimed = await claim(pool);
    if (!claimed) return sent;
    if (claimed.state === "failed") continue;
    const posted = await post(db, claimed, network);
    await settle(pool, claimed, posted);
    if (posted.kind === "sent") sent += 1;
  }
  return sent;
}

/** Takes the oldest mail that is due; `failed`: it was given up, since its end was lost too often. */
async function claim(pool: pg.Pool): Promise<Claimed | null> {
  const { rows } = await pool.query<Claimed>(
    `with due as (
       select l.id from mail l, mail_settings m, node n
        where m.is_on and m.identity = n.identity and l.identity = n.identity
          and (l.state = 'waiting' and l.due_at <= sync_now()
               or l.state = 'sending' and l.claimed_until <= sync_now())
        order by l.id limit 1 for update of l skip locked)
     update mail l
        set lost = l.lost + (l.state = 'sending')::int,
            state = case when l.state = 'sending' and l.lost >= $1 then 'failed' else 'sending' end,
            attempts = l.attempts + 1,
            claimed_until = sync_now() + $2::int * interval '1 second',
            recipients = (select recipients from mail_settings),
            ended_at = case when l.state = 'sending' and l.lost >= $1 then sync_now() end,
            answer = case when l.state = 'sending'
              then 'The worker that sent it ended before it could note the answer: it may have arrived.' else l.answer end
       from due where l.id = due.id
     returning l.id, l.attempts, l.lost, l.state, l.subject, l.body`,
    [MOST_LOST, CLAIMED_S],
  );
  return rows[0] ?? null;
}

async function post(
  db: Db,
  { id, subject, body, lost }: Claimed,
  { consoleUrl, ...network }: MailNetwork & { consoleUrl: string },
): Promise<Posted> {
  const settings = await db.mailSettings.findUniqueOrThrow({ where: { id: 1 } });
  const [node] = await db.$queryRaw<
    [
      {
        label: string | null;
        identity: string;
        console: AddressParts | null;
        kind: VerdictKind | null;
        sentence: string | null;
      },
    ]
  >`select n.label, n.identity::text, g.console, v.kind, v.sentence
      from node n, gate g left join verdict v on v.id = g.verdict_id and decision_is_due()`;
  const doubt = node.kind ? { kind: node.kind, sentence: node.sentence ?? "" } : null;
  const letter = addressed(
    { subject, body },
    {
      label: node.label,
      consoleUrl: node.console ? fromParts(node.console) : consoleUrl,
      doubt,
    },
    lost > 0,
  );
  try {
    const { recipients } = settings;
    const messageId = `<${id}.${node.identity}@exalate>`;
    return await postMail(serverOf(settings), { ...letter, recipients, messageId }, network);
  } catch (error) {
    if (error instanceof SealError) return { kind: "refused", answer: error.message };
    throw error;
  }
}

/** Notes what came of an attempt; a worker that lost its claim changes nothing. */
async function settle(
  pool: pg.Pool,
  { id, attempts, lost: lostBefore }: Claimed,
  { kind, answer }: Posted,
): Promise<void> {
  const lost = lostBefore + (kind === "lost" ? 1 : 0);
  const pause = kind === "sent" || lost > MOST_LOST ? null : pauseMinutes(attempts);
  const state = kind === "sent" ? "sent" : pause === null ? "failed" : "waiting";
  await pool.query(
    `update mail set state = $3, answer = $4, lost = $5, claimed_until = null,
            due_at = sync_now() + coalesce($6::int, 0) * interval '1 minute',
            ended_at = case when $3 <> 'waiting' then sync_now() end
      where id = $1 and attempts = $2 and state = 'sending'`,
    [id, attempts, state, answer, lost, pause],
  );
}
