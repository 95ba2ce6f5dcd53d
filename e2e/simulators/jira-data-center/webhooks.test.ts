import { createHmac } from "node:crypto";
import { expect } from "vitest";
import { type Receiver, test } from "@/e2e/simulators/jira-data-center/fixture";

const EVENTS = [
  "jira:issue_created",
  "jira:issue_updated",
  "jira:issue_deleted",
  "comment_created",
  "comment_deleted",
];

const told = ({ received }: Receiver) =>
  received.map(({ body }) =>
    [body.webhookEvent, body.issue_event_type_name].filter(Boolean).join(" "),
  );

test("a comment fires two hooks, and the first knows neither the issue nor the user", async ({
  bench,
  receiver,
}) => {
  const { simulator, admin, mia } = bench;
  const { id } = await mia.createIssue({ project: "ABC", summary: "s" });
  await admin.createWebhook({ url: receiver.url, events: EVENTS });
  await mia.comment("ABC-1", "hello");
  await simulator.webhooksSettled();

  const [first, second] = receiver.received.map(({ body }) => body);
  expect(told(receiver)).toEqual(["comment_created", "jira:issue_updated issue_commented"]);
  expect(Object.keys(first ?? {}).sort()).toEqual(["comment", "timestamp", "webhookEvent"]);
  expect(first?.comment?.self).toContain(`/issue/${id}/comment/`);
  expect(second).toMatchObject({
    issue: { key: "ABC-1" },
    user: { name: "mia" },
    comment: { body: "hello" },
  });
  expect(second).not.toHaveProperty("changelog");
  expect((second?.timestamp ?? 0) - (first?.timestamp ?? 0)).toBe(10);
});

test("what happens to an issue is told in order, with what changed", async ({
  bench,
  receiver,
}) => {
  const { simulator, admin, mia } = bench;
  await admin.createWebhook({ url: `${receiver.url}/hook/{issue.id}/{issue.key}`, events: EVENTS });
  await mia.createIssue({ project: "ABC", summary: "s" });
  await mia.editIssue("ABC-1", { summary: "t" });
  await mia.transition("ABC-1", "In Progress");
  await mia.editIssue("ABC-1", { summary: "t" });
  await mia.deleteIssue("ABC-1");
  await simulator.webhooksSettled();

  expect(told(receiver)).toEqual([
    "jira:issue_created issue_created",
    "jira:issue_updated issue_updated",
    "jira:issue_updated issue_generic",
    "jira:issue_deleted",
  ]);
  expect(receiver.received[1]?.body.changelog?.items).toMatchObject([{ field: "summary" }]);
  expect(receiver.received[2]?.body.changelog?.items).toMatchObject([{ field: "status" }]);
  expect(receiver.received[0]?.path).toBe("/hook/10000/ABC-1");
});

test("a webhook with a secret is signed over its raw body", async ({ bench, receiver }) => {
  const { simulator, admin, mia } = bench;
  await admin.createWebhook({ url: receiver.url, events: EVENTS, secret: "s3cret" });
  await mia.createIssue({ project: "ABC", summary: "Ü" });
  await simulator.webhooksSettled();
  const [hook] = receiver.received;
  const signature = createHmac("sha256", "s3cret")
    .update(hook?.text ?? "")
    .digest("hex");
  expect(hook?.headers["x-hub-signature"]).toBe(`sha256=${signature}`);
});

test("a secret in the place where Jira 9 had it is ignored: requests go unsigned", async ({
  bench,
  receiver,
}) => {
  const { simulator, admin, mia } = bench;
  const hook = { name: "old style", url: receiver.url, events: EVENTS, secret: "s3cret" };
  expect((await admin.call("POST", "/jira-webhook/1.0/webhooks", hook)).status).toBe(201);
  await mia.createIssue({ project: "ABC", summary: "s" });
  await simulator.webhooksSettled();
  expect(receiver.received[0]?.headers).not.toHaveProperty("x-hub-signature");
});

test("only administrators register webhooks, and not where Jira 9 had them", async ({
  bench: { admin, mia },
}) => {
  const hook = { name: "h", url: "http://127.0.0.1:9/x", events: EVENTS };
  expect((await mia.call("POST", "/jira-webhook/1.0/webhooks", hook)).status).toBe(403);
  expect((await admin.call("POST", "/webhooks/1.0/webhook", hook)).status).toBe(404);
  const { id } = await admin.createWebhook(hook);
  const changed = await admin.call("PUT", `/jira-webhook/1.0/webhooks/${id}`, {
    ...hook,
    active: false,
  });
  expect(changed.body).toMatchObject({ id, active: false });
  expect((await admin.call("DELETE", `/jira-webhook/1.0/webhooks/${id}`)).status).toBe(204);
  expect((await admin.call("GET", "/jira-webhook/1.0/webhooks")).body).toEqual([]);
});

test("webhooks can be lost, doubled and out of order", async ({ bench, receiver }) => {
  const { simulator, control, admin, mia } = bench;
  await admin.createWebhook({ url: receiver.url, events: EVENTS });
  const tellTwice = async (faults: Record<string, unknown>) => {
    await control.setFaults({ webhooks: faults });
    receiver.received.length = 0;
    const one = await mia.createIssue({ project: "ABC", summary: "one" });
    const two = await mia.createIssue({ project: "ABC", summary: "two" });
    await simulator.webhooksSettled();
    return receiver.received.map(({ body }) =>
      body.issue?.key === one.key ? 1 : body.issue?.key === two.key ? 2 : 0,
    );
  };
  expect(await tellTwice({ dropPercent: 100 })).toEqual([]);
  expect(await tellTwice({ duplicatePercent: 100 })).toEqual([1, 1, 2, 2]);
  expect(await tellTwice({ reorder: true })).toEqual([2, 1]);
  expect(await tellTwice({})).toEqual([1, 2]);
});

test("a receiver that is down stops neither Jira nor the other hooks", async ({
  bench,
  receiver,
}) => {
  const { simulator, admin, mia } = bench;
  await admin.createWebhook({ url: "http://127.0.0.1:1/nobody", events: EVENTS });
  await admin.createWebhook({ url: receiver.url, events: EVENTS });
  await mia.createIssue({ project: "ABC", summary: "s" });
  await simulator.webhooksSettled();
  expect(told(receiver)).toEqual(["jira:issue_created issue_created"]);
});

test("nothing is sent to an address that is not this machine's loopback", async ({
  bench,
  receiver,
}) => {
  const { simulator, admin, mia } = bench;
  // Leads to the receiver all the same, so that a request sent by mistake would arrive.
  const url = receiver.url.replace("127.0.0.1", "0.0.0.0");
  await admin.createWebhook({ url, events: EVENTS });
  await mia.createIssue({ project: "ABC", summary: "s" });
  await simulator.webhooksSettled();
  expect(receiver.received).toEqual([]);
});

test("issues that were seeded are news to nobody", async ({ bench, receiver }) => {
  const { simulator, control, admin } = bench;
  await admin.createWebhook({ url: receiver.url, events: EVENTS });
  await control.seed({
    project: "ABC",
    issues: [{ summary: "s", comments: [{ author: "mia", body: "c" }] }],
  });
  await simulator.webhooksSettled();
  expect(receiver.received).toEqual([]);
  expect((await control.writes()).map(({ path }) => path)).toEqual([
    "/rest/jira-webhook/1.0/webhooks",
  ]);
});
