import type pg from "pg";
import type { Db } from "@/lib/db/database";
import { deactivate } from "@/lib/gate/gate-store";
import type { MailInput } from "@/lib/mail/mail-input";
import { makeMails } from "@/lib/mail/notice-store";
import { sendDueMails } from "@/lib/mail/outbox-store";
import { test as base } from "@/lib/testing/database";
import { type Mailbox, openMailbox } from "@/lib/testing/mailbox";
import { activeGate } from "@/lib/testing/queue";

export const CONSOLE = "https://sync.example.com";
/** From here to the servers of tests. */
export const NETWORK = { ALLOWED_ADDRESSES: "127.0.0.0/8", EXTRA_CA_FILE: undefined };
const ALL: MailInput["kinds"] = [
  "gate_closed",
  "another_node",
  "connection_stopped",
  "entries_failed",
  "backlog_grows",
];

type Fixtures = {
  mailbox: Mailbox;
  /** Settings for this test's server. */
  settings: MailInput;
  /** What a worker does about mail, once. */
  tell: () => Promise<void>;
};

/** A test with a mail server, and settings that name it. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  mailbox: async ({}, use) => {
    const mailbox = await openMailbox();
    await use(mailbox);
    await mailbox.close();
  },
  settings: async ({ mailbox }, use) => {
    await use({
      isOn: true,
      server: {
        host: "127.0.0.1",
        port: mailbox.port,
        security: "none",
        user: null,
        sender: "exalate@example.com",
      },
      recipients: ["ops@example.com"],
      kinds: ALL,
      backlogHours: 4,
    });
  },
  tell: async ({ db, pool }, use) => {
    await use(() => tellOnce(db, pool));
  },
});

async function tellOnce(db: Db, pool: pg.Pool): Promise<void> {
  await makeMails(pool, CONSOLE);
  await sendDueMails({ db, pool }, { ...NETWORK, consoleUrl: CONSOLE });
}

export const subjects = ({ mails }: Mailbox) => mails.map(({ subject }) => subject);

/** Sync is open and stops, which is to be told. */
export async function stopSync(db: Db, reason: string): Promise<void> {
  await activeGate(db);
  await deactivate(db, { by: "ada", reason });
}
