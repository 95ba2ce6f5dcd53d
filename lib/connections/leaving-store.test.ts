import { expect } from "vitest";
import { findLeaving } from "@/lib/connections/leaving-store";
import { SetupError } from "@/lib/connections/setup-error";
import { test } from "@/lib/testing/connected";

test("says which pairs a narrower search would not name, and leaves them under sync", async ({
  db,
  connected,
}) => {
  const mia = connected.production.as("mia-token");
  const theirs = connected.partner.as("mia-token");
  const keys: string[] = [];
  for (const [summary, labels] of [
    ["One", ["sync", "hot"]],
    ["Two", ["sync"]],
    ["Three", ["sync"]],
  ] as const) {
    const { key } = await mia.createIssue({ project: "PROD", summary, labels: [...labels] });
    const twin = await theirs.createIssue({ project: "ACME", summary });
    await connected.link(key, twin.key);
    keys.push(key);
  }
  const ask = (trigger: string) =>
    findLeaving(db, connected.network, { id: connected.connectionId, side: "local", trigger });
  expect(await ask("labels = hot ORDER BY created")).toEqual({
    lookedAt: 3,
    leaving: 2,
    examples: [keys[2], keys[1]],
  });
  expect(await ask("labels = sync")).toEqual({ lookedAt: 3, leaving: 0, examples: [] });
  await expect(ask("no such thing")).rejects.toBeInstanceOf(SetupError);
  await db.pair.updateMany({ where: { localKey: keys[1] ?? "" }, data: { stoppedAt: new Date() } });
  expect(await ask("labels = hot")).toEqual({ lookedAt: 2, leaving: 1, examples: [keys[2]] });
  expect(await db.permit.count()).toBe(0);
});
