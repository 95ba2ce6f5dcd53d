import { z } from "zod";
import type { DbOrTx } from "@/lib/db/database";
import type { Side } from "@/lib/sync/plan-types";

/** An instance that refused to update without mails is asked again after this time: rights may have been given. */
const ASK_AGAIN_MS = 3_600_000;

const refusal = z.object({ at: z.iso.datetime({ offset: true }), said: z.string() });
const refusals = z.object({ local: refusal.optional(), remote: refusal.optional() }).catch({});

export type MailsRefused = z.infer<typeof refusal>;

/** Since when an instance refuses updates without mails, and what it said; null when it does not. */
export function mailsRefusedAt(kept: unknown, side: Side): MailsRefused | null {
  return refusals.parse(kept)[side] ?? null;
}

/** Whether updates of a side are to be sent without mails now. */
export function asksForQuiet(
  connection: { localSettings: unknown; remoteSettings: unknown; mailsRefused: unknown },
  side: Side,
  now: Date,
): boolean {
  const settings = connection[`${side}Settings`] as { quiet?: boolean };
  const refused = mailsRefusedAt(connection.mailsRefused, side);
  const isOld = refused === null || now.getTime() - Date.parse(refused.at) > ASK_AGAIN_MS;
  return settings.quiet === true && isOld;
}

/** Keeps what an instance said to an update without mails; `null`: it took one. */
export async function noteMailsRefused(
  db: DbOrTx,
  connectionId: number,
  side: Side,
  said: string | null,
): Promise<void> {
  const changed =
    said === null
      ? await db.$executeRaw`
          update connection set mails_refused = mails_refused - ${side}
           where id = ${connectionId}::int and mails_refused ? ${side}`
      : await db.$executeRaw`
          update connection
             set mails_refused = mails_refused || jsonb_build_object(${side}::text,
                   jsonb_build_object('at', sync_now(), 'said', ${said}::text))
           where id = ${connectionId}::int`;
  if (changed > 0) await db.$executeRaw`select pg_notify('sync_changed', '')`;
}
