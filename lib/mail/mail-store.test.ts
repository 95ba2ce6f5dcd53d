import { randomUUID } from "node:crypto";
import type pg from "pg";
import { describe, expect } from "vitest";
import type { Db } from "@/lib/db/database";
import { deactivate } from "@/lib/gate/gate-store";
import { start } from "@/lib/gate/start-store";
import { decide } from "@/lib/identity/decision-store";
import type { MailInput } from "@/lib/mail/mail-input";
import { makeMails } from "@/lib/mail/notice-store";
import { sendDueMails } from "@/lib/mail/outbox-store";
import {
  listMails,
  readMailSettings,
  saveMailSettings,
  sendTestMail,
} from "@/lib/mail/settings-store";
import { passMinutes } from "@/lib/testing/clock";
import { test as base } from "@/lib/testing/database";
import { lookAlike } from "@/lib/testing/evidence";
import { oldRun } from "@/lib/testing/history";
import { type Mailbox, openMailbox } from "@/lib/testing/mailbox";
import { activeGate, newLife, seedQueue } from "@/lib/testing/queue";

const CONSOLE = "https://sync.example.com";
const NETWORK = { ALLOWED_ADDRESSES: "127.0.0.0/8", EXTRA_CA_FILE: undefined };
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

const test = base.extend<Fixtures>({
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

const subjects = ({ mails }: Mailbox) => mails.map(({ subject }) => subject);

/** Sync is open and stops, which is to be told. */
async function stopSync(db: Db, reason: string): Promise<void> {
  await activeGate(db);
  await deactivate(db, { by: "ada", reason });
}

describe("what is told", () => {
  test("a gate that closes is told once, with who closed it and why, however many workers there are", async ({
    db,
    tell,
    mailbox,
    settings,
  }) => {
    await saveMailSettings(db, { ...settings, by: "ada" });
    await stopSync(db, "before the patch");
    await passMinutes(db, 1);
    await Promise.all([tell(), tell(), tell()]);
    await tell();
    expect(mailbox.mails).toHaveLength(1);
    expect(mailbox.mails[0]).toMatchObject({
      subject: "[Exalate] Synchronisation stopped",
      to: ["ops@example.com"],
      body: expect.stringMatching(
        /by ada: before the patch\.[\s\S]*sync\.example\.com\/activation/,
      ),
    });
    expect(await listMails(db)).toMatchObject({
      waiting: 0,
      mails: [{ kind: "gate_closed", state: "sent", answer: "250 taken", attempts: 1 }],
    });
  });

  test("a life that ends while sync is open is told, a life that begins while it is shut is not", async ({
    db,
    tell,
    mailbox,
    settings,
  }) => {
    await saveMailSettings(db, { ...settings, by: "ada" });
    await newLife(db);
    await newLife(db);
    await passMinutes(db, 1);
    await tell();
    expect(mailbox.mails).toEqual([]);
    await activeGate(db);
    await newLife(db);
    await passMinutes(db, 2);
    await tell();
    expect(mailbox.mails.map(({ body }) => body)).toEqual([
      expect.stringContaining("A test began a life."),
    ]);
  });

  test("what comes within a quarter of an hour of a mail of its kind is told together, in the next one", async ({
    db,
    tell,
    mailbox,
    settings,
  }) => {
    await saveMailSettings(db, { ...settings, by: "ada" });
    await stopSync(db, "first");
    await passMinutes(db, 1);
    await tell();
    await stopSync(db, "second");
    await passMinutes(db, 3);
    await stopSync(db, "third");
    await passMinutes(db, 10);
    await tell();
    expect(mailbox.mails).toHaveLength(1);
    expect((await listMails(db)).waiting).toBe(2);
    await passMinutes(db, 17);
    await tell();
    expect(subjects(mailbox)).toEqual([
      "[Exalate] Synchronisation stopped",
      "[Exalate] Synchronisation stopped 2 times",
    ]);
    expect(mailbox.mails[1]?.body).toMatch(/second[\s\S]*third/);
  });

  test("a connection that waits for a person is told at once, one that tries by itself after half an hour; each once while it stands", async ({
    db,
    tell,
    mailbox,
    settings,
  }) => {
    const { connectionId } = await seedQueue(db);
    await saveMailSettings(db, { ...settings, by: "ada" });
    const stop = (code: string, retryAt: Date | null) =>
      db.$executeRaw`
        update connection set error_code = ${code}, error_message = 'no answer to GET /myself', error_at = sync_now(),
                              error_count = 1, retry_at = ${retryAt} where id = ${connectionId}::int`;
    await stop("instance_unreachable", new Date(Date.now() + 1_000_000_000));
    await passMinutes(db, 20);
    await tell();
    expect(mailbox.mails).toEqual([]);
    await passMinutes(db, 40);
    await tell();
    await tell();
    expect(mailbox.mails.map(({ body }) => body)).toEqual([
      expect.stringMatching(/stopped: no answer to GET \/myself\.[\s\S]*connections\/\d+/),
    ]);
    await stop("credentials_rejected", null);
    await passMinutes(db, 60);
    await tell();
    expect(mailbox.mails).toHaveLength(2);
    expect(mailbox.mails[1]?.body).toContain("It waits for a person.");
  });

  test("issues that failed are told by connection and cause, with some of their keys", async ({
    db,
    tell,
    mailbox,
    settings,
  }) => {
    const { connectionId, pairIds } = await seedQueue(db, { pairs: 7 });
    await oldRun(db, { connectionId, pairId: 1, daysAgo: 1, words: "old news", outcome: "failed" });
    await saveMailSettings(db, { ...settings, by: "ada" });
    for (const pairId of [...pairIds, ...pairIds])
      await oldRun(db, { connectionId, pairId, daysAgo: 0, words: "", outcome: "failed" });
    await db.run.updateMany({ data: { errorCode: "field_rejected" } });
    await passMinutes(db, 1);
    await tell();
    expect(subjects(mailbox)).toEqual(["[Exalate] 7 issues failed to synchronise"]);
    expect(mailbox.mails[0]?.body).toMatch(
      /7 issues with field_rejected \(PROD-1, PROD-2, PROD-3, PROD-4, PROD-5, …\)/,
    );
  });

  test("another node with our identity is told, and a backlog that grows while nothing is sent for hours", async ({
    db,
    tell,
    mailbox,
    settings,
  }) => {
    await seedQueue(db);
    await stopSync(db, "for now");
    await saveMailSettings(db, { ...settings, by: "ada" });
    await db.claim.updateMany({ data: { state: "contested" } });
    await passMinutes(db, 1);
    await tell();
    expect(subjects(mailbox)).toEqual([
      "[Exalate] Another node with this node's identity is alive",
    ]);
    await passMinutes(db, 5 * 60);
    await tell();
    expect(mailbox.mails).toHaveLength(1);
    const { id } = await db.pair.findFirstOrThrow();
    await db.$executeRaw`update queue_entry set created_at = sync_now() where pair_id = ${id}::int`;
    await tell();
    await tell();
    expect(subjects(mailbox).slice(1)).toEqual(["[Exalate] Nothing is sent, and 1 issue waits"]);
    expect(mailbox.mails[1]?.body).toContain("1 of them since then");
  });

  test("nothing that happened before somebody wanted to be told, or of a kind that nobody wants", async ({
    db,
    tell,
    mailbox,
    settings,
  }) => {
    await stopSync(db, "long ago");
    await passMinutes(db, 10);
    await saveMailSettings(db, { ...settings, kinds: ["entries_failed"], by: "ada" });
    await stopSync(db, "unwanted");
    await passMinutes(db, 20);
    await tell();
    await saveMailSettings(db, { ...settings, isOn: false, by: "ada" });
    await stopSync(db, "while it is off");
    await passMinutes(db, 30);
    await tell();
    await saveMailSettings(db, { ...settings, by: "ada" });
    await passMinutes(db, 40);
    await tell();
    expect(mailbox.mails).toEqual([]);
  });
});

describe("a mail leaves once", () => {
  /** A worker took a mail and died before it could note what came of it. */
  async function takeAndDie(db: Db): Promise<void> {
    await db.$executeRaw`
      update mail set state = 'sending', attempts = attempts + 1, claimed_until = sync_now() - interval '1 second'`;
  }

  test("after a worker that died over it, once more, saying that it may have come before; then never again", async ({
    db,
    pool,
    tell,
    mailbox,
    settings,
  }) => {
    await saveMailSettings(db, { ...settings, by: "ada" });
    await stopSync(db, "a restart");
    await passMinutes(db, 1);
    await makeMails(pool, CONSOLE);
    await takeAndDie(db);
    await tell();
    expect(mailbox.mails.map(({ body }) => body)).toEqual([
      expect.stringMatching(/^This mail may have come to you before/),
    ]);
    await takeAndDie(db);
    await tell();
    expect(mailbox.mails).toHaveLength(1);
    expect(await listMails(db)).toMatchObject({
      mails: [{ state: "failed", answer: expect.stringContaining("may have arrived") }],
    });
  });

  test("a server that breaks off after the mail's words is tried once more, no oftener", async ({
    db,
    tell,
    settings,
  }) => {
    const broken = await openMailbox({}, { drops: true });
    const server = { ...settings.server, port: broken.port };
    await saveMailSettings(db, { ...settings, server, by: "ada" });
    await stopSync(db, "a restart");
    for (const minutes of [1, 5, 10, 15]) {
      await passMinutes(db, minutes);
      await tell();
    }
    expect(broken.connections()).toBe(2);
    expect(await listMails(db)).toMatchObject({ mails: [{ state: "failed", attempts: 2 }] });
    await broken.close();
  });

  test("a server that refuses is asked again in growing pauses, and its words are kept", async ({
    db,
    tell,
    mailbox,
    settings,
  }) => {
    const full = await openMailbox({}, { refuses: "the quota is used up" });
    const server = { ...settings.server, port: full.port };
    await saveMailSettings(db, { ...settings, server, by: "ada" });
    await stopSync(db, "a restart");
    await passMinutes(db, 1);
    await tell();
    await tell();
    expect(full.connections()).toBe(1);
    expect(await listMails(db)).toMatchObject({
      mails: [{ state: "waiting", answer: "450 the quota is used up", attempts: 1 }],
    });
    await saveMailSettings(db, { ...settings, by: "ada" });
    await passMinutes(db, 3);
    await tell();
    expect(mailbox.mails.map(({ body }) => body)).toEqual([
      expect.not.stringContaining("may have come"),
    ]);
    await full.close();
  });

  test("a worker that lost its claim changes nothing", async ({ db, pool, settings, mailbox }) => {
    await saveMailSettings(db, { ...settings, by: "ada" });
    await stopSync(db, "a restart");
    await passMinutes(db, 1);
    await makeMails(pool, CONSOLE);
    const slow = await openMailbox({
      onMailFrom: (_, __, callback) => {
        // Meanwhile another worker took the mail for lost, and holds it now.
        db.$executeRaw`update mail set attempts = attempts + 1`.then(() => callback(), callback);
      },
    });
    await db.mailSettings.update({ where: { id: 1 }, data: { port: slow.port } });
    await sendDueMails({ db, pool }, { ...NETWORK, consoleUrl: CONSOLE });
    expect(await db.mail.findFirst()).toMatchObject({
      state: "sending",
      attempts: 2,
      answer: null,
    });
    expect([slow.mails.length, mailbox.mails.length]).toEqual([1, 0]);
    await slow.close();
  });
});

describe("a copy", () => {
  const ELSEWHERE = { host: "node-2", machineId: "a2", bootId: "b2", addresses: ["10.0.0.9"] };
  const FILE = { path: "/srv/exalate/data/keys/secret.key", inode: "2:42" };

  async function begin(url: string, differing: Parameters<typeof lookAlike>[0] = {}) {
    await start({
      url,
      askMs: 30,
      worker: { id: randomUUID(), host: "test", pid: 1 },
      look: lookAlike(differing),
      told: { console: null, label: null },
      onJoined: async () => {},
    });
  }

  test("that nobody has decided on says so in the subject; once it is one, it writes to nobody until its own settings are saved", async ({
    url,
    db,
    tell,
    mailbox,
    settings,
  }) => {
    await seedQueue(db);
    await begin(url);
    await saveMailSettings(db, { ...settings, by: "ada" });
    const { incarnation, epoch } = await db.gate.findUniqueOrThrow({ where: { id: 1 } });
    await db.$queryRaw`select open_gate(${incarnation}, ${epoch}::int, 'ada', null, '{}')`;
    await begin(url, { ...ELSEWHERE, keyFile: FILE, console: ["https", "test", "example", "com"] });
    await passMinutes(db, 1);
    await tell();
    expect(subjects(mailbox)).toEqual([
      expect.stringMatching(/^\[PRODUCTION\? .*not decided\] Synchronisation stopped/),
    ]);

    await db.$executeRaw`update mail set state = 'waiting', due_at = sync_now()`;
    const { verdictId } = await db.gate.findUniqueOrThrow({ where: { id: 1 } });
    await decide(db, { verdictId: verdictId ?? 0, decision: "copy", by: "ada", label: "TEST" });
    await db.claim.updateMany({ data: { state: "contested" } });
    await passMinutes(db, 30);
    await tell();
    expect(mailbox.mails).toHaveLength(1);
    expect(await readMailSettings(db)).toMatchObject({ isOn: true, isOurs: false });

    await saveMailSettings(db, { ...settings, by: "ben" });
    expect(await readMailSettings(db)).toMatchObject({ isOurs: true });
    await passMinutes(db, 60);
    await tell();
    expect(subjects(mailbox).slice(1)).toEqual([
      "[TEST] Another node with this node's identity is alive",
    ]);
  });
});

describe("the password", () => {
  const withPassword = (settings: MailInput): MailInput => ({
    ...settings,
    server: {
      ...settings.server,
      security: "starttls",
      user: "exalate",
      password: "canary-3c1f",
    },
  });

  test("is sealed, told to nobody, kept when it is left out, and sent to no other server", async ({
    db,
    settings,
  }) => {
    const given = withPassword(settings);
    await saveMailSettings(db, { ...given, by: "ada" });
    const { password: _, ...server } = given.server;
    await saveMailSettings(db, { ...given, server, recipients: ["ben@example.com"], by: "ada" });
    const stored = await db.mailSettings.findUniqueOrThrow({ where: { id: 1 } });
    expect(stored.secret).toMatch(/^v1\./);
    expect((await readMailSettings(db))?.server).toEqual({ ...server, hasPassword: true });
    expect(
      JSON.stringify([await db.audit.findMany(), await listMails(db)], printable),
    ).not.toContain("canary-3c1f");

    for (const other of [
      { host: "127.0.0.2" },
      { port: 2525 },
      { user: "eve" },
      { security: "tls" as const },
    ])
      for (const use of [
        () => saveMailSettings(db, { ...given, server: { ...server, ...other }, by: "eve" }),
        () =>
          sendTestMail(
            db,
            { server: { ...server, ...other }, recipients: given.recipients, by: "eve" },
            NETWORK,
          ),
      ])
        await expect(use()).rejects.toMatchObject({
          reason: "invalid",
          message: expect.stringMatching(/^enter the password/),
        });
  });

  test("a test mail tells the server's answer, and is audited", async ({
    db,
    settings,
    mailbox,
  }) => {
    const { server, recipients } = settings;
    expect(await sendTestMail(db, { server, recipients, by: "ada" }, NETWORK)).toEqual({
      isSent: true,
      answer: "250 taken",
    });
    expect(subjects(mailbox)).toEqual(["[Exalate] A test mail"]);
    expect(await db.audit.findFirst({ where: { action: "settings.mail_tested" } })).toMatchObject({
      actor: "ada",
      subject: `127.0.0.1:${mailbox.port}`,
    });
  });
});

function printable(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
