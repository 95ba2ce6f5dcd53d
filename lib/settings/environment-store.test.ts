import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { start } from "@/lib/gate/start-store";
import { readGateStatus } from "@/lib/gate/status-store";
import { decide } from "@/lib/identity/decision-store";
import { changeEnvironment, readEnvironment } from "@/lib/settings/environment-store";
import { test } from "@/lib/testing/database";
import { lookAlike } from "@/lib/testing/evidence";

const VIOLET = { label: "Production", colour: "violet", by: "ada" } as const;

/** A worker starts, and nobody is left to answer it: a life begins. */
async function begin(
  url: string,
  label: string | null,
  elsewhere: Parameters<typeof lookAlike>[0] = {},
): Promise<void> {
  await start({
    url,
    askMs: 30,
    worker: { id: randomUUID(), host: "test", pid: 1 },
    look: lookAlike({ label, ...elsewhere }),
    told: { console: null, label },
    onJoined: async () => {},
  });
}

const ELSEWHERE = {
  keyFile: { path: "/srv/exalate/data/keys/secret.key", inode: "2:42" },
  console: ["https", "staging", "example", "com"],
  machineId: "a2",
  bootId: "b2",
  host: "node-2",
  addresses: ["10.0.0.9"],
};

test("a node that was told no label is called as an administrator says, also after it started again", async ({
  url,
  db,
}) => {
  await begin(url, null);
  await changeEnvironment(db, { ...VIOLET, told: null });
  await begin(url, null);
  expect(await readEnvironment(db, null)).toEqual({
    label: "Production",
    colour: "violet",
    told: null,
    isInDoubt: false,
  });
  expect(await readGateStatus(db)).toMatchObject({
    label: "Production",
    colour: "violet",
    decisionDue: null,
  });
  expect(await db.audit.findFirst({ orderBy: { id: "desc" }, skip: 1 })).toMatchObject({
    actor: "ada",
    action: "settings.environment_changed",
    detail: {
      from: { label: null, colour: null },
      to: { label: "Production", colour: "violet" },
    },
  });
});

test("where NODE_LABEL says the label, only the colour can be set", async ({ url, db }) => {
  await begin(url, "PRODUCTION");
  await expect(
    changeEnvironment(db, { ...VIOLET, label: "Test", told: null }),
  ).rejects.toMatchObject({
    reason: "conflict",
    message: expect.stringMatching(/NODE_LABEL says PRODUCTION/),
  });
  await expect(changeEnvironment(db, { ...VIOLET, label: null, told: null })).rejects.toMatchObject(
    { reason: "conflict" },
  );
  await changeEnvironment(db, { ...VIOLET, label: "PRODUCTION", told: null });
  expect(await readEnvironment(db, null)).toEqual({
    label: "PRODUCTION",
    colour: "violet",
    told: "PRODUCTION",
    isInDoubt: false,
  });
});

test("a label from this page is no evidence: processes that are told another one need no decision, and theirs wins", async ({
  url,
  db,
}) => {
  await begin(url, null);
  await changeEnvironment(db, { ...VIOLET, told: null });
  await begin(url, "Staging");
  expect(await readEnvironment(db, null)).toEqual({
    label: "Staging",
    colour: "violet",
    told: "Staging",
    isInDoubt: false,
  });
});

test("a copy does not wear its original's colour, and nobody renames it before the decision", async ({
  url,
  db,
}) => {
  await begin(url, null);
  await changeEnvironment(db, { ...VIOLET, told: null });
  await begin(url, null, ELSEWHERE);
  expect(await readEnvironment(db, null)).toMatchObject({ colour: "violet", isInDoubt: true });
  await expect(
    changeEnvironment(db, { ...VIOLET, label: "Test", told: null }),
  ).rejects.toMatchObject({ reason: "conflict", message: expect.stringMatching(/decide first/) });

  const { verdictId } = await db.gate.findUniqueOrThrow({ where: { id: 1 } });
  await decide(db, { verdictId: verdictId ?? 0, decision: "copy", by: "ada", label: "Test" });
  expect(await readEnvironment(db, null)).toMatchObject({ label: "Test", colour: null });
  await changeEnvironment(db, { label: "Test", colour: "teal", told: null, by: "ada" });
  expect(await readEnvironment(db, null)).toMatchObject({ label: "Test", colour: "teal" });
});
