import { randomUUID } from "node:crypto";
import { describe, expect } from "vitest";
import type { Db } from "@/lib/db/database";
import { start } from "@/lib/gate/start-store";
import { decide } from "@/lib/identity/decision-store";
import { makeMails } from "@/lib/mail/notice-store";
import { sendDueMails } from "@/lib/mail/outbox-store";
import { listMails, readMailSettings, saveMailSettings } from "@/lib/mail/settings-store";
import { passMinutes } from "@/lib/testing/clock";
import { lookAlike } from "@/lib/testing/evidence";
import { CONSOLE, NETWORK, stopSync, subjects, test } from "@/lib/testing/mail";
import { openMailbox } from "@/lib/testing/mailbox";
import { seedQueue } from "@/lib/testing/queue";

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

  test("however often workers die between the server's yes and their note of it, it comes twice at most, the second time saying so", async ({
    db,
    pool,
    mailbox,
    settings,
  }) => {
    await saveMailSettings(db, { ...settings, by: "ada" });
    await stopSync(db, "a restart");
    await passMinutes(db, 1);
    await makeMails(pool, CONSOLE);
    // What a process leaves behind is the database as it is: throwing where it would have noted will do.
    const dying = new Proxy(pool, {
      get: (target, name) =>
        name === "query"
          ? async (text: string, values: unknown[]) => {
              if (text.includes("set state = $3")) throw new Error("died");
              return target.query(text, values);
            }
          : Reflect.get(target, name),
    });
    for (const minutes of [1, 5, 10, 15]) {
      await passMinutes(db, minutes);
      await sendDueMails({ db, pool: dying }, { ...NETWORK, consoleUrl: CONSOLE }).catch(
        () => undefined,
      );
    }
    const [first, second, ...others] = mailbox.mails;
    expect(first?.body).not.toContain("may have come to you before");
    expect(second?.body).toContain("may have come to you before");
    expect(second?.messageId).toBe(first?.messageId);
    expect(others).toEqual([]);
    expect(await listMails(db)).toMatchObject({ mails: [{ state: "failed" }] });
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
