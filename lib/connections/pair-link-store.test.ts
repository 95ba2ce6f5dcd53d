import { describe, expect } from "vitest";
import { stopPair } from "@/lib/pairs/act-store";
import { test } from "@/lib/testing/connected";

describe("linking two issues", () => {
  test("puts them under sync with something to look at, once", async ({ connected, db }) => {
    await connected.production
      .as("mia-token")
      .createIssue({ project: "PROD", summary: "Login fails" });
    await connected.partner.as("mia-token").createIssue({ project: "ACME", summary: "No login" });
    const pairId = await connected.link("PROD-1", "ACME-1");
    expect(await connected.link("PROD-1", "ACME-1")).toBe(pairId);
    expect(await db.pair.findMany()).toMatchObject([
      { id: pairId, localKey: "PROD-1", remoteKey: "ACME-1", summary: "Login fails" },
    ]);
    expect(await db.queueEntry.findMany()).toMatchObject([{ pairId, state: "queued", changes: 1 }]);
    expect(await db.change.findMany()).toMatchObject([
      { kind: "linked", via: "person", actor: "ada" },
    ]);
    expect(await db.audit.count({ where: { action: "pair.linked" } })).toBe(1);
  });

  test("is refused when one of them has another twin, and names the two", async ({ connected }) => {
    await connected.production.as("mia-token").createIssue({ project: "PROD", summary: "One" });
    const theirs = connected.partner.as("mia-token");
    await theirs.createIssue({ project: "ACME", summary: "One" });
    await theirs.createIssue({ project: "ACME", summary: "Two" });
    await connected.link("PROD-1", "ACME-1");
    await expect(connected.link("PROD-1", "ACME-2")).rejects.toMatchObject({
      reason: "conflict",
      message: "PROD-1 and ACME-1 are a pair already",
    });
  });

  test("is refused for an issue that is not there", async ({ connected }) => {
    await connected.production.as("mia-token").createIssue({ project: "PROD", summary: "One" });
    await expect(connected.link("PROD-1", "ACME-1")).rejects.toMatchObject({
      reason: "invalid",
      message: expect.stringContaining("ACME-1"),
    });
  });

  test("takes the place of what the trigger began with one of them", async ({ connected, db }) => {
    const ours = connected.production.as("mia-token");
    await ours.createIssue({ project: "PROD", summary: "One", labels: ["sync"] });
    await connected.partner.as("mia-token").createIssue({ project: "ACME", summary: "One" });
    await connected.poll();
    expect(await db.pair.count()).toBe(1);
    await connected.link("PROD-1", "ACME-1");
    expect(await db.pair.findMany()).toMatchObject([{ localKey: "PROD-1", remoteKey: "ACME-1" }]);
    expect(await db.queueEntry.count()).toBe(1);
    await connected.poll();
    expect(await db.pair.count()).toBe(1);
  });

  test("waits while a twin of one of them is being created", async ({ connected, db }) => {
    const ours = connected.production.as("mia-token");
    await ours.createIssue({ project: "PROD", summary: "One", labels: ["sync"] });
    await connected.partner.as("mia-token").createIssue({ project: "ACME", summary: "One" });
    await connected.poll();
    await db.queueEntry.updateMany({ data: { state: "running" } });
    await expect(connected.link("PROD-1", "ACME-1")).rejects.toMatchObject({
      reason: "conflict",
      message: "a twin of PROD-1 is being created just now",
    });
    expect(await db.pair.findMany()).toMatchObject([{ remoteKey: null }]);
  });

  test("whose sync was stopped starts it again; a stopped pair of other issues gives way", async ({
    connected,
    db,
  }) => {
    await connected.production.as("mia-token").createIssue({ project: "PROD", summary: "One" });
    const theirs = connected.partner.as("mia-token");
    await theirs.createIssue({ project: "ACME", summary: "One" });
    await theirs.createIssue({ project: "ACME", summary: "Two" });
    const id = await connected.link("PROD-1", "ACME-1");
    await stopPair(db, { id, by: "ada" });
    expect(await connected.link("PROD-1", "ACME-1")).toBe(id);
    expect(await db.queueEntry.findMany()).toMatchObject([{ pairId: id, state: "queued" }]);
    await stopPair(db, { id, by: "ada" });
    await connected.link("PROD-1", "ACME-2");
    expect(await db.pair.findMany()).toMatchObject([
      { localKey: "PROD-1", remoteKey: "ACME-2", stoppedAt: null },
    ]);
  });
});
