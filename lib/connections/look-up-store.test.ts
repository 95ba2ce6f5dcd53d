import { expect } from "vitest";
import { lookUpIssue } from "@/lib/connections/look-up-store";
import { test } from "@/lib/testing/connected";

test("shows an issue before it is linked, and afterwards with which one", async ({
  db,
  connected,
}) => {
  const { connectionId: id, network } = connected;
  await connected.production.as("mia-token").createIssue({ project: "PROD", summary: "Ours" });
  await connected.partner.as("mia-token").createIssue({ project: "ACME", summary: "Theirs" });
  const ask = (key: string) => lookUpIssue(db, network, { id, side: "local", key });
  const found = { key: "PROD-1", summary: "Ours", firstMeeting: "hold" };
  expect(await ask("PROD-1")).toMatchObject({ ...found, pair: null });
  await expect(ask("PROD-9")).rejects.toThrow("there is no issue PROD-9 at PROD that we may see");

  const pairId = await connected.link("PROD-1", "ACME-1");
  const pair = { id: pairId, twin: "ACME-1", isStopped: false };
  expect(await ask("PROD-1")).toMatchObject({ ...found, pair });
  expect(await db.permit.count()).toBe(0);

  await db.connection.update({ where: { id }, data: { heldSides: ["remote"] } });
  await expect(ask("PROD-1")).rejects.toThrow("is held");
});
