import { expect } from "vitest";
import { test } from "@/e2e/simulators/jira-data-center/fixture";

const form = (url: string, fields: Record<string, string>) =>
  fetch(url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });

test("a person finds an issue, and what they change on its page is a change like any other", async ({
  bench,
  receiver,
}) => {
  const { simulator, control, admin, mia } = bench;
  const pages = `${simulator.baseUrl}/__simulator`;
  await control.seed({
    project: "ABC",
    issues: [{ summary: "Printer <on> fire" }, { summary: "Coffee" }],
  });
  await admin.createWebhook({
    url: receiver.url,
    events: ["jira:issue_updated", "comment_created"],
  });

  const list = await (await fetch(`${pages}/?q=printer`)).text();
  expect(list).toContain("production — Jira Data Center simulator");
  expect(list).toContain("Printer &lt;on&gt; fire");
  expect(list).not.toContain("Coffee");

  const issue = `${pages}/issues/ABC-1`;
  const edit = {
    summary: "Printer",
    description: "a\r\nb",
    labels: "hot loud",
    priority: "High",
    as: "mia",
  };
  expect((await form(issue, edit)).headers.get("location")).toBe(
    "/jira/__simulator/issues/ABC-1?as=mia",
  );
  await form(`${issue}/transitions`, { transition: "11", as: "mia" });
  await form(`${issue}/comments`, { body: "On it.", as: "mia" });
  const { fields } = await mia.getIssue("ABC-1");
  expect([fields.description, fields.labels, fields.priority.name, fields.status.name]).toEqual([
    "a\nb",
    ["hot", "loud"],
    "High",
    "In Progress",
  ]);
  expect(await mia.comments("ABC-1")).toMatchObject([{ body: "On it.", author: { name: "mia" } }]);
  await simulator.webhooksSettled();
  expect(receiver.received.map(({ body }) => body.webhookEvent)).toEqual([
    "jira:issue_updated",
    "jira:issue_updated",
    "comment_created",
    "jira:issue_updated",
  ]);
  const page = await (await fetch(issue)).text();
  expect(page).toContain("On it.");
  expect(page).toContain("Send to Review");
});

test("the address that Jira's own links have leads to the issue's page", async ({
  bench: { simulator, mia },
}) => {
  await mia.createIssue({ project: "ABC", summary: "s" });
  const answer = await fetch(`${simulator.baseUrl}/browse/ABC-1`, { redirect: "manual" });
  expect(answer.headers.get("location")).toBe("/jira/__simulator/issues/ABC-1");
});

test("the writes are listed with their permits, without what people did on the pages", async ({
  bench: { simulator, mia },
}) => {
  const pages = `${simulator.baseUrl}/__simulator`;
  await mia.createIssue({ project: "ABC", summary: "s" });
  await form(`${pages}/issues/ABC-1/comments`, { body: "typed here", as: "mia" });
  await fetch(`${simulator.baseUrl}/rest/api/2/issue/ABC-1`, {
    method: "PUT",
    headers: { Authorization: "Bearer mia-token", "X-Sync-Permit": "permit-7" },
    body: '{"fields":{"summary":"t"}}',
  });
  const page = await (await fetch(`${pages}/received`)).text();
  expect(page).toContain("permit-7");
  expect(page).not.toContain("typed here");
});

test("faults are set and ended with a form", async ({ bench: { simulator, mia } }) => {
  const troubles = `${simulator.baseUrl}/__simulator/troubles`;
  await form(troubles, { unavailable: "on", state: "RUNNING" });
  await expect(mia.call("GET", "/api/2/myself")).rejects.toThrow("fetch failed");
  expect(await (await fetch(troubles)).text()).toMatch(/name="unavailable"\s+checked/);
  await form(troubles, { normal: "yes" });
  expect((await mia.call("GET", "/api/2/myself")).status).toBe(200);
});
