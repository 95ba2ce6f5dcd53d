import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect } from "vitest";
import { type Person, simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { test as base } from "@/e2e/simulators/jira-data-center/fixture";
import { applicationIdFrom } from "@/e2e/simulators/jira-data-center/identity";
import {
  type Simulator,
  type SimulatorOptions,
  startJiraSimulator,
} from "@/e2e/simulators/jira-data-center/server";
import type { Snapshot } from "@/e2e/simulators/jira-data-center/snapshot";

type Clone = { simulator: Simulator; mia: Person };

const test = base.extend<{
  clone: (from: Snapshot, options?: Partial<SimulatorOptions>) => Promise<Clone>;
}>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads which fixtures are needed from the pattern
  clone: async ({}, use) => {
    const started: Simulator[] = [];
    await use(async (from, options = {}) => {
      const simulator = await startJiraSimulator({
        name: "clone",
        contextPath: "/jira",
        from,
        ...options,
      });
      started.push(simulator);
      return { simulator, mia: simulatorClient(simulator.baseUrl).as("mia-token") };
    });
    await Promise.all(started.map((simulator) => simulator.stop()));
  },
});

const manifestOf = async (person: Person) =>
  (await person.call("GET", "/applinks/1.0/manifest", undefined, { Accept: "application/json" }))
    .body;
const serverInfoOf = async (person: Person) =>
  (await person.call("GET", "/api/2/serverInfo")).body as { baseUrl: string; serverTitle: string };
const twinOf = async (person: Person) =>
  (await person.call("GET", "/api/2/issue/ABC-1/properties/sync.twin")).body;

test("the application id is the name UUID of the server id, as Java makes it", () => {
  expect(applicationIdFrom("test")).toBe("098f6bcd-4621-3373-8ade-4e832627b4f6");
});

test("a manifest tells anybody who this is, in JSON or in XML", async ({
  start,
  bench: { simulator, control },
}) => {
  const { serverId, baseUrl } = simulator.state;
  expect(serverId).toMatch(/^[A-Z0-9]{4}(-[A-Z0-9]{4}){3}$/);
  expect(await manifestOf(control.as(null))).toMatchObject({
    id: applicationIdFrom(serverId),
    name: "production",
    typeId: "jira",
    version: "10.3.24",
    buildNumber: 10030024,
    applinksVersion: expect.any(String),
    url: baseUrl,
  });
  const xml = await control.as(null).call("GET", "/applinks/1.0/manifest");
  expect([xml.headers.get("content-type"), xml.body]).toEqual([
    "application/xml;charset=UTF-8",
    expect.stringContaining(`<id>${applicationIdFrom(serverId)}</id>`),
  ]);
  const another = await start({ name: "partner" });
  const same = await start();
  expect(another.simulator.state.serverId).not.toBe(serverId);
  expect(same.simulator.state.serverId).toBe(serverId);
});

test("an administrator gives a clone a server id and an address of its own, and they outlive it", async ({
  start,
  file,
}) => {
  const { control, simulator } = await start({ file });
  const settings = { serverId: "AAAA-BBBB-CCCC-DDDD", baseUrl: "https://jira.example.com" };
  await control.settings(settings);
  await simulator.stop();
  const second = await start({ file });
  expect(await manifestOf(second.mia)).toMatchObject({
    id: applicationIdFrom(settings.serverId),
    url: settings.baseUrl,
  });
  await second.simulator.stop();
});

test("a clone claims to be its original in everything but where it listens and on which node", async ({
  bench: { simulator, control, mia },
  clone,
}) => {
  await mia.createIssue({ project: "ABC", summary: "before" });
  const { id } = await mia.comment("ABC-1", "hello");
  await mia.call("PUT", "/api/2/issue/ABC-1/properties/sync.twin", { id: "7" });
  await mia.call("PUT", "/api/2/project/ABC/properties/sync.instance", { seq: 1 });
  await mia.call("PUT", "/api/2/user/properties/sync.instance?username=mia", { seq: 1 });
  const copy = await clone(await control.snapshot());

  expect(await manifestOf(copy.mia)).toEqual(await manifestOf(mia));
  expect(await serverInfoOf(copy.mia)).toMatchObject({
    baseUrl: simulator.baseUrl,
    serverTitle: "production",
  });
  expect(copy.simulator.baseUrl).not.toBe(simulator.baseUrl);
  expect(await copy.mia.getIssue("ABC-1", { properties: "*all" })).toEqual(
    await mia.getIssue("ABC-1", { properties: "*all" }),
  );
  for (const path of [
    "/comment/$/properties",
    "/project/ABC/properties/sync.instance",
    "/user/properties/sync.instance?username=mia",
  ]) {
    const call = `/api/2${path.replace("$", id)}`;
    expect((await copy.mia.call("GET", call)).body).toEqual((await mia.call("GET", call)).body);
  }
  const node = async (person: Person) =>
    (await person.call("GET", "/api/2/myself")).headers.get("X-ANODEID");
  expect([await node(mia), await node(copy.mia)]).toEqual(["production-node1", "clone-node1"]);
});

test("a clone and its original go their own ways, with the same next ids", async ({
  bench: { control, mia },
  clone,
}) => {
  await mia.createIssue({ project: "ABC", summary: "common" });
  const snapshot = await control.snapshot();
  const copy = await clone(snapshot);
  const twin = await clone(snapshot, { name: "another" });
  const own = await mia.createIssue({ project: "ABC", summary: "in the original" });
  expect(await copy.mia.createIssue({ project: "ABC", summary: "in the clone" })).toEqual(own);
  await copy.mia.call("PUT", "/api/2/project/ABC/properties/sync.instance", { seq: 9 });
  const { status } = await mia.call("GET", "/api/2/project/ABC/properties/sync.instance");
  expect(status).toBe(404);
  expect((await mia.getIssue("ABC-2")).fields.summary).toBe("in the original");
  expect((await twin.mia.search("")).total).toBe(1);
});

test("a clone goes on sending the original's webhooks, signed with the same secret", async ({
  bench: { control, admin, simulator },
  clone,
  receiver,
}) => {
  const hook = { url: `${receiver.url}/hook`, events: ["jira:issue_created"], secret: "s" };
  await admin.createWebhook(hook);
  const copy = await clone(await control.snapshot());
  await copy.mia.createIssue({ project: "ABC", summary: "from the clone" });
  await copy.simulator.webhooksSettled();
  expect(receiver.received).toHaveLength(1);
  expect(receiver.received[0]?.headers["x-hub-signature"]).toMatch(/^sha256=/);
  expect(receiver.received[0]?.text).toContain(`${simulator.baseUrl}/rest/api/2/issue/`);
});

test("a backup that is restored brings everything back to what it was, ids included", async ({
  start,
}) => {
  let now = Date.UTC(2026, 10, 24, 12);
  const { control, mia } = await start({ now: () => now });
  await mia.createIssue({ project: "ABC", summary: "first" });
  await mia.call("PUT", "/api/2/issue/ABC-1/properties/sync.twin", { seq: 1 });
  const before = await mia.getIssue("ABC-1", { expand: "changelog" });
  const backup = await control.snapshot();
  now += 3_600_000;
  await mia.editIssue("ABC-1", { summary: "edited" });
  await mia.call("PUT", "/api/2/issue/ABC-1/properties/sync.twin", { seq: 2 });
  const later = await mia.createIssue({ project: "ABC", summary: "later" });

  await control.restoreFrom(backup);
  expect(await mia.getIssue("ABC-1", { expand: "changelog" })).toEqual(before);
  expect(await twinOf(mia)).toMatchObject({ value: { seq: 1 } });
  expect((await mia.call("GET", "/api/2/issue/ABC-2")).status).toBe(404);
  expect(await mia.createIssue({ project: "ABC", summary: "another" })).toEqual(later);
  expect(await control.writes()).toHaveLength(6);
  await control.restoreFrom(backup);
  expect((await mia.search("")).total).toBe(1);
});

test("a large snapshot comes back whole, and what is none is refused", async ({
  bench: { control, mia },
}) => {
  const description = "some text ".repeat(3_000);
  const issues = Array.from({ length: 400 }, (_, n) => ({ summary: `issue ${n}`, description }));
  await control.seed({ project: "ABC", issues });
  const snapshot = await control.snapshot();
  await control.reset();
  await control.restoreFrom(snapshot);
  expect((await mia.search("")).total).toBe(400);
  await expect(control.restoreFrom({} as Snapshot)).rejects.toThrow("answered 400");
  expect((await mia.search("")).total).toBe(400);
});

test("a clone with a file of its own is begun once and then goes on", async ({
  bench: { control, mia },
  clone,
  file,
}) => {
  const snapshot = await control.snapshot();
  const first = await clone(snapshot, { file });
  await first.mia.createIssue({ project: "ABC", summary: "in the clone" });
  await first.simulator.stop();
  const second = await clone(snapshot, { file });
  expect((await second.mia.search("")).total).toBe(1);
  expect((await serverInfoOf(second.mia)).baseUrl).toBe((await serverInfoOf(mia)).baseUrl);
  await second.simulator.stop();
});

test("a file from before there was an identity still opens", async ({
  bench: { control },
  start,
  file,
}) => {
  const { title, serverId, serverTimeZone, address, baseUrl, ...old } = await control.snapshot();
  for (const user of old.users) Reflect.deleteProperty(user, "properties");
  for (const project of old.projects) Reflect.deleteProperty(project, "administeredBy");
  await mkdir(dirname(file));
  await writeFile(file, JSON.stringify(old));
  const { mia, simulator } = await start({ file });
  expect(await serverInfoOf(mia)).toMatchObject({ baseUrl: simulator.baseUrl, serverTitle: title });
  const put = (path: string) => mia.call("PUT", `/api/2${path}/properties/sync.instance`, 1);
  expect((await put("/project/ABC")).status).toBe(201);
  const user = await mia.call("GET", "/api/2/user/properties?username=mia");
  expect(user.body).toEqual({ keys: [] });
  expect([serverId, serverTimeZone, address, baseUrl]).not.toContain(undefined);
  await simulator.stop();
});
