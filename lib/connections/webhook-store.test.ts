import { describe, expect } from "vitest";
import { readWebhooks, wantWebhook } from "@/lib/connections/webhook-store";
import { test } from "@/lib/testing/database";
import { seedQueue } from "@/lib/testing/queue";

const consoleUrl = "https://sync.example.com";
const asked = (id: number) =>
  ({ id, side: "remote", want: "register", consoleUrl, by: "ada" }) as const;

describe("what a person wants of a webhook", () => {
  test("is audited: who, what, where, and why", async ({ db }) => {
    const { connectionId } = await seedQueue(db);
    await wantWebhook(db, { ...asked(connectionId), reason: "faster" });
    const audit = await db.audit.findFirstOrThrow({
      where: { action: "connection.webhook_register" },
    });
    expect(audit).toMatchObject({
      actor: "ada",
      reason: "faster",
      detail: { side: "remote", address: `${consoleUrl}/api/webhooks/${connectionId}?side=remote` },
    });
  });

  test("is known for one side only", async ({ db }) => {
    const { connectionId } = await seedQueue(db);
    await wantWebhook(db, asked(connectionId));
    const page = await readWebhooks(db, connectionId, consoleUrl);
    expect(page?.sides.map(({ side, wish }) => [side, wish?.want ?? null])).toEqual([
      ["local", null],
      ["remote", "register"],
    ]);
  });

  test("is refused where an instance has no webhooks, and where there is no connection", async ({
    db,
  }) => {
    const { connectionId } = await seedQueue(db);
    await db.instance.updateMany({ data: { kind: "redmine" } });
    await expect(wantWebhook(db, asked(connectionId))).rejects.toThrow(/has no webhooks/);
    await expect(wantWebhook(db, asked(4711))).rejects.toThrow(/no such connection/);
    expect(await readWebhooks(db, 4711, consoleUrl)).toBeNull();
    expect(await db.audit.count()).toBe(0);
  });

  test("ends, with all that was known, when its side is pointed elsewhere; the other side's stays", async ({
    db,
  }) => {
    const { connectionId } = await seedQueue(db);
    for (const side of ["local", "remote"] as const)
      await wantWebhook(db, { ...asked(connectionId), side });
    const target = await db.instance.create({
      data: { kind: "jira-data-center", name: "Staging", baseUrl: "http://[::1]:9", secret: "x" },
    });
    await db.connection.update({
      where: { id: connectionId },
      data: { remoteInstanceId: target.id },
    });
    const page = await readWebhooks(db, connectionId, consoleUrl);
    expect(page?.sides).toMatchObject([
      { side: "local", wish: { want: "register" } },
      { side: "remote", instance: "Staging", wish: null, found: null },
    ]);
  });
});
