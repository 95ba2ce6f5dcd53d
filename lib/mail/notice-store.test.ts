import { describe, expect } from "vitest";
import { listMails, saveMailSettings } from "@/lib/mail/settings-store";
import { passMinutes } from "@/lib/testing/clock";
import { oldRun } from "@/lib/testing/history";
import { stopSync, subjects, test } from "@/lib/testing/mail";
import { activeGate, newLife, seedQueue } from "@/lib/testing/queue";

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
