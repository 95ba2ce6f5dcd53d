import { describe, expect } from "vitest";
import type { Prisma } from "@/lib/db/generated/client";
import type { Plan } from "@/lib/sync/plan-types";
import { type Connected, test } from "@/lib/testing/connected";
import { activeGate } from "@/lib/testing/queue";
import { drain, runner } from "@/lib/testing/runner";
import { connectionContexts } from "@/lib/worker/contexts";
import { planAhead } from "@/lib/worker/plan-ahead";

const env = { WRITE_TIMEOUT_MS: 3_000, INDEX_LAG_MS: 0, LOOP_ANSWER_MS: 5_000 } as never;

/** A linked pair whose remote side is asked to send no mails. */
async function quietPair(
  db: Parameters<typeof runner>[0],
  connected: Connected,
  more: Prisma.ConnectionUpdateInput = {},
) {
  const mia = {
    local: connected.production.as("mia-token"),
    remote: connected.partner.as("mia-token"),
  };
  const local = await mia.local.createIssue({ project: "PROD", summary: "Same" });
  const remote = await mia.remote.createIssue({
    project: "ACME",
    summary: "Same",
    assignee: { name: "mia" },
  });
  await db.connection.updateMany({
    data: {
      remoteSettings: { project: "ACME", issueType: "Task", quiet: true },
      mapping: { fields: { status: "none", priority: "none" } },
      ...(more as object),
    },
  });
  const pairId = await connected.link(local.key, remote.key);
  await db.claim.updateMany({ data: { state: "no_place" } });
  return {
    pairId,
    async set(summary: string) {
      await mia.local.editIssue(local.key, { summary });
      await connected.poll();
    },
    there: async () => (await mia.remote.getIssue(remote.key)).fields.summary,
  };
}

const sent = async (db: Parameters<typeof runner>[0]) =>
  (
    await db.permit.findMany({ where: { kind: "update_issue" }, orderBy: { grantedAt: "asc" } })
  ).map(({ path, outcome, status }) =>
    `${path.replace(/^.*\?|^.*$/, "")} ${outcome} ${status}`.trim(),
  );

describe("updates that are to cause no mails", () => {
  test("are sent with mails where our account may not ask for that: the refusal wrote nothing, is told, and is not asked for each time", async ({
    db,
    pool,
    connected,
  }) => {
    await connected.partner.createProject({ key: "ACME", administeredBy: [] });
    const { set, there } = await quietPair(db, connected);
    const once = runner(db, pool, connected, await activeGate(db), env);
    await drain(pool, once);
    await set("First");
    await drain(pool, once);
    expect(await there()).toBe("First");
    expect(await sent(db)).toEqual(["notifyUsers=false rejected 403", "applied 204"]);
    const { mailsRefused } = await db.connection.findFirstOrThrow();
    expect(mailsRefused).toMatchObject({
      remote: { said: expect.stringContaining("admin permissions are required") },
    });
    await set("Second");
    await drain(pool, once);
    expect(await there()).toBe("Second");
    expect((await sent(db)).slice(2)).toEqual(["applied 204"]);
  });

  test("are sent without mails where it may, and an old refusal is forgotten", async ({
    db,
    pool,
    connected,
  }) => {
    await connected.partner.createProject({ key: "ACME", administeredBy: ["exalate"] });
    const { set, there } = await quietPair(db, connected, {
      mailsRefused: { remote: { at: "2020-01-01T00:00:00.000+00:00", said: "no" } },
    });
    const once = runner(db, pool, connected, await activeGate(db), env);
    await drain(pool, once);
    await set("Quietly");
    await drain(pool, once);
    expect(await there()).toBe("Quietly");
    expect(await sent(db)).toEqual(["notifyUsers=false applied 204"]);
    expect((await db.connection.findFirstOrThrow()).mailsRefused).toEqual({});
  });

  test.for([
    [400, ["notifyUsers=false rejected 400"]],
    [403, ["notifyUsers=false rejected 403", "rejected 403"]],
  ] as const)(
    "that are refused for another reason, with %i, do not put the blame on the mails",
    async ([code, ends], { db, pool, connected }) => {
      const { set } = await quietPair(db, connected);
      const once = runner(db, pool, connected, await activeGate(db), env);
      await drain(pool, once);
      await set("Refused");
      const match = "PUT /rest/api/2/issue/*";
      await connected.partner.setFaults({ status: { next: 2, code, match } });
      await once();
      expect(await sent(db)).toEqual(ends);
      expect((await db.connection.findFirstOrThrow()).mailsRefused).toEqual({});
    },
  );

  test("a broken answer is no refusal: nothing is sent before it is known what arrived", async ({
    db,
    pool,
    connected,
  }) => {
    const { set } = await quietPair(db, connected);
    const once = runner(db, pool, connected, await activeGate(db), env);
    await drain(pool, once);
    await set("Unknown");
    const match = "PUT /rest/api/2/issue/*";
    await connected.partner.setFaults({ breakBeforeLanding: { next: 2, match } });
    await once();
    expect(await sent(db)).toEqual(["notifyUsers=false unknown null"]);
  });
});

test("a plan says how many people get mail for it, and that an instance is asked to send none", async ({
  db,
  pool,
  connected,
}) => {
  const { pairId, set } = await quietPair(db, connected);
  await drain(pool, runner(db, pool, connected, await activeGate(db), env));
  const planned = async () => {
    const entry = await db.queueEntry.findFirstOrThrow({ where: { pairId } });
    const context = await connectionContexts(db, pool, connected.network, env).get(
      connected.connectionId,
    );
    await planAhead(context, { ...entry, pairId } as never);
    const { plan } = await db.queueEntry.findFirstOrThrow({ where: { pairId } });
    return (plan as unknown as Plan).mails;
  };
  await set("Planned");
  expect(await planned()).toEqual([{ side: "remote", people: 0, writes: 0 }]);
  await db.connection.updateMany({ data: { remoteSettings: { project: "ACME" } } });
  expect(await planned()).toEqual([{ side: "remote", people: 1, writes: 1 }]);
});
