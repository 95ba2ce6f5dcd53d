import "server-only";
import { requirePermission } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { env } from "@/lib/env";
import type { MailSettings } from "@/lib/mail/mail";
import { listMails, readMailSettings } from "@/lib/mail/settings-store";
import type { Environment } from "@/lib/settings/environment";
import { readEnvironment as readEnvironmentFrom } from "@/lib/settings/environment-store";
import type { HistoryLine } from "@/lib/settings/history";
import { readHistory as readHistoryFrom } from "@/lib/settings/history-store";

/** What this node is called, and who says so. */
export async function readEnvironment(): Promise<Environment> {
  await requirePermission("gate:read");
  return readEnvironmentFrom(database(), env().NODE_LABEL ?? null);
}

/** How long each kind of history is kept, and how much there is. */
export async function readHistory(): Promise<HistoryLine[]> {
  await requirePermission("gate:read");
  return readHistoryFrom(database());
}

/** How people are told by mail, without the password; and the last mails. */
export async function readMail(): Promise<
  { settings: MailSettings | null } & Awaited<ReturnType<typeof listMails>>
> {
  await requirePermission("settings:write");
  const db = database();
  return { settings: await readMailSettings(db), ...(await listMails(db)) };
}
