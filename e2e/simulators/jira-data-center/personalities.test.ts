import { expect } from "vitest";
import { simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { test } from "@/e2e/simulators/jira-data-center/fixture";

const basic = (name: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`,
});

test("Jira 9.12 has its webhooks at the old path, filters them by JQL, and signs nothing", async ({
  start,
  receiver,
}) => {
  const { admin, mia, control, simulator } = await start({ version: "9.12" });
  await control.createProject({ key: "XYZ" });
  const hook = {
    name: "old",
    // The variable of those days, with a dollar sign.
    url: ["$", "{issue.key}"].reduce((url, part) => url + part, `${receiver.url}/`),
    events: ["jira:issue_created"],
    secret: "ignored",
    filters: { "issue-related-events-section": "project = XYZ" },
  };
  const answer = await admin.call("POST", "/webhooks/1.0/webhook", hook);
  expect(answer).toMatchObject({ status: 201, body: { enabled: true } });
  expect((await admin.call("GET", "/jira-webhook/1.0/webhooks")).status).toBe(404);
  await mia.createIssue({ project: "ABC", summary: "not told" });
  await mia.createIssue({ project: "XYZ", summary: "told" });
  await simulator.webhooksSettled();
  expect(receiver.received.map(({ path }) => path)).toEqual(["/XYZ-1"]);
  expect(receiver.received[0]?.headers).not.toHaveProperty("x-hub-signature");
  const { body } = await mia.call("GET", "/api/2/serverInfo");
  expect(body).toMatchObject({ versionNumbers: [9, 12, 31] });
});

test("Jira 11.3 takes no passwords, and tokens as ever", async ({ start }) => {
  const { mia, control } = await start({ version: "11.3" });
  const nobody = control.as(null);
  const answer = await nobody.call("GET", "/api/2/myself", undefined, basic("admin", "admin"));
  expect(answer.status).toBe(403);
  const session = { username: "admin", password: "admin" };
  expect((await nobody.call("POST", "/auth/1/session", session)).status).toBe(403);
  expect((await mia.call("GET", "/api/2/myself")).status).toBe(200);
  expect((await mia.call("GET", "/webhooks/1.0/webhook")).status).toBe(404);
});

test("after three wrong passwords even the right one is refused until a person solves the CAPTCHA", async ({
  bench: { admin, control },
}) => {
  const nobody = control.as(null);
  const tryWith = (password: string) =>
    nobody.call("GET", "/api/2/myself", undefined, basic("admin", password));
  for (let times = 0; times < 3; times += 1) expect((await tryWith("wrong")).status).toBe(401);
  const denied = await tryWith("admin");
  expect(denied.status).toBe(403);
  expect(denied.headers.get("x-authentication-denied-reason")).toMatch(/^CAPTCHA_CHALLENGE; /);
  expect((await admin.call("GET", "/api/2/myself")).status).toBe(200);
  await control.solveCaptcha("admin");
  expect((await tryWith("admin")).status).toBe(200);
});

test("a session cookie stands for the one who logged in, until they log out", async ({
  bench: { control },
}) => {
  const nobody = control.as(null);
  const login = { username: "admin", password: "admin" };
  const { headers } = await nobody.call("POST", "/auth/1/session", login);
  const Cookie = (headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const myself = () => nobody.call("GET", "/api/2/myself", undefined, { Cookie });
  expect((await myself()).body).toMatchObject({ name: "admin" });
  await nobody.call("DELETE", "/auth/1/session", undefined, { Cookie });
  expect((await myself()).status).toBe(401);
});

test("the nodes of a cluster answer in turn, each from an index of its own", async ({ start }) => {
  let now = Date.UTC(2026, 10, 1, 12);
  const { mia, admin, control } = await start({ now: () => now });
  await control.setFaults({ nodes: [{ id: "fast" }, { id: "slow", indexLagMs: 5_000 }] });
  await mia.createIssue({ project: "ABC", summary: "new" });
  const seen = async () => {
    const answers = [0, 1].map(() => mia.call("GET", "/api/2/search?jql=project=ABC"));
    const entries = (await Promise.all(answers)).map(({ headers, body }) => [
      headers.get("x-anodeid"),
      (body as { total: number }).total,
    ]);
    return Object.fromEntries(entries) as Record<string, number>;
  };
  expect(await seen()).toEqual({ fast: 1, slow: 0 });
  now += 5_000;
  expect(await seen()).toEqual({ fast: 1, slow: 1 });
  const { body } = await admin.call("GET", "/api/2/cluster/nodes");
  expect(body).toMatchObject([{ nodeId: "fast" }, { nodeId: "slow" }]);
});

test("a clone started from a running Jira has its identity and its people, and ends with it", async ({
  bench: { mia, control, simulator },
}) => {
  const { key } = await mia.createIssue({ project: "ABC", summary: "copied" });
  const { baseUrl } = await control.startClone();
  const clone = simulatorClient(baseUrl).as("mia-token");
  expect((await clone.getIssue(key)).fields.summary).toBe("copied");
  const manifest = async (person: typeof mia) =>
    (await person.call("GET", "/applinks/1.0/manifest", undefined, { Accept: "application/json" }))
      .body as { id: string; url: string };
  expect(await manifest(clone)).toEqual(await manifest(mia));
  await clone.editIssue(key, { summary: "only there" });
  expect((await mia.getIssue(key)).fields.summary).toBe("copied");
  await simulator.stop();
  await expect(fetch(baseUrl)).rejects.toThrow("fetch failed");
});

test("a backup taken in the simulator brings back what was then", async ({
  bench: { mia, control },
}) => {
  const { key } = await mia.createIssue({ project: "ABC", summary: "before" });
  const { id } = await control.takeBackup();
  await mia.editIssue(key, { summary: "after" });
  const later = await mia.createIssue({ project: "ABC", summary: "later" });
  await control.restoreBackup(id);
  expect((await mia.getIssue(key)).fields.summary).toBe("before");
  await expect(mia.getIssue(later.key)).rejects.toMatchObject({ status: 404 });
});
