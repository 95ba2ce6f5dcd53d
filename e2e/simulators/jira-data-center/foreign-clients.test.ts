import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Version2Client } from "jira.js";
import { expect } from "vitest";
import { test } from "@/e2e/simulators/jira-data-center/fixture";
import { findPythonJira } from "@/scripts/checks/python-jira";

/** Both have no types of their own: what this file asks of them, and nothing else. */
type Call = (...args: unknown[]) => Promise<{ id: string; key: string }>;
type JiraClient = Record<
  | "addNewIssue"
  | "getIssue"
  | "searchJira"
  | "updateIssue"
  | "transitionIssue"
  | "addComment"
  | "updateComment"
  | "addWorklog"
  | "addWatcher"
  | "issueLink"
  | "createRemoteLink"
  | "getRemoteLinks"
  | "getIssueProperty"
  | "addAttachmentOnIssue"
  | "registerWebhook"
  | "getWebhook"
  | "deleteWebhook"
  | "deleteIssue",
  Call
>;
type JiraConnector = {
  issue: Record<
    | "createIssue"
    | "getIssue"
    | "editIssue"
    | "transitionIssue"
    | "addComment"
    | "addWorkLog"
    | "addWatcher"
    | "setProperty"
    | "createRemoteLink"
    | "addAttachment"
    | "deleteIssue",
    Call
  >;
  search: Record<"search", Call>;
  issueLink: Record<"createIssueLink", Call>;
  webhook: Record<"createWebhook" | "deleteWebhook", Call>;
};
const require = createRequire(import.meta.url);
const JiraClient = require("jira-client") as new (options: object) => JiraClient;
const JiraConnector = require("jira-connector") as new (options: object) => JiraConnector;

const fields = (summary: string) => ({
  project: { key: "ABC" },
  issuetype: { name: "Task" },
  summary,
});
const hook = { name: "foreign", url: "http://127.0.0.1:9/", events: ["jira:issue_created"] };
const remote = { object: { url: "http://example.com/1", title: "elsewhere" } };

test("Debian's python3-jira does everything that it can do here", async ({ bench }) => {
  const python = findPythonJira();
  const script = join(import.meta.dirname, "foreign-client.py");
  const child = spawn(python, [script, bench.simulator.baseUrl, hook.url]);
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (output += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect({ code, output: output.trim() }).toEqual({
    code: 0,
    output:
      "create,read,search,edit,transition,comment,worklog,attach,link,watch,property,remote link,delete",
  });
});

test("jira-client does everything that it can do here", async ({ start }) => {
  const { simulator, mia } = await start({ version: "9.12" });
  const { hostname, port } = new URL(simulator.baseUrl);
  const client = new JiraClient({
    protocol: "http",
    host: hostname,
    port,
    base: "jira",
    apiVersion: "2",
    bearer: "admin-token",
  });
  const { key } = await client.addNewIssue({ fields: fields("One") });
  const other = await client.addNewIssue({ fields: fields("Two") });
  expect(await client.getIssue(key)).toMatchObject({ fields: { summary: "One" } });
  expect(await client.searchJira(`key = ${key}`)).toMatchObject({ total: 1 });
  await client.updateIssue(key, { fields: { summary: "Changed" } });
  await client.transitionIssue(key, { transition: { id: "11" } });
  const { id } = await client.addComment(key, "hello");
  await client.updateComment(key, id, "edited");
  await client.addWorklog(key, { timeSpent: "1h" });
  await client.addWatcher(key, "mia");
  await client.issueLink({
    type: { name: "Blocks" },
    inwardIssue: { key },
    outwardIssue: { key: other.key },
  });
  await client.createRemoteLink(key, remote);
  await mia.call("PUT", `/api/2/issue/${key}/properties/sync`, { id: 1 });
  expect(await client.getIssueProperty(key, "sync")).toMatchObject({ value: { id: 1 } });
  expect(await client.getRemoteLinks(key)).toMatchObject([remote]);
  await client.addAttachmentOnIssue(key, await fileStream("ü.txt"));
  expect((await mia.getIssue(key)).fields).toMatchObject({
    summary: "Changed",
    status: { name: "In Progress" },
    comment: { comments: [{ body: "edited" }] },
    timespent: 3_600,
    watches: { watchCount: 1 },
    issuelinks: [{ outwardIssue: { key: other.key } }],
    attachment: [{ filename: "ü.txt", size: 5 }],
  });
  expect(await client.registerWebhook(hook)).toMatchObject({ name: "foreign" });
  expect(await client.getWebhook("1")).toMatchObject({ url: hook.url });
  await client.deleteWebhook("1");
  await client.deleteIssue(key);
  await expect(mia.getIssue(key)).rejects.toMatchObject({ status: 404 });
});

test("jira-connector does everything that it can do here", async ({ start }) => {
  const { simulator, mia } = await start({ version: "9.12" });
  const { hostname, port } = new URL(simulator.baseUrl);
  const { issue, search, issueLink, webhook } = new JiraConnector({
    protocol: "http",
    host: hostname,
    port,
    path_prefix: "/jira/",
    basic_auth: { username: "admin", password: "admin" },
  });
  const { key } = await issue.createIssue({ fields: fields("One") });
  const other = await issue.createIssue({ fields: fields("Two") });
  expect(await issue.getIssue({ issueKey: key })).toMatchObject({ fields: { summary: "One" } });
  expect(await search.search({ jql: `key = ${key}` })).toMatchObject({ total: 1 });
  await issue.editIssue({ issueKey: key, issue: { fields: { summary: "Changed" } } });
  await issue.transitionIssue({ issueKey: key, transition: { transition: { id: "11" } } });
  await issue.addComment({ issueKey: key, body: "hello" });
  await issue.addWorkLog({ issueKey: key, worklog: { timeSpent: "1h" } });
  await issue.addWatcher({ issueKey: key, watcher: "mia" });
  await issueLink.createIssueLink({
    issueLink: { type: { name: "Blocks" }, inwardIssue: { key }, outwardIssue: { key: other.key } },
  });
  await issue.setProperty({ issueKey: key, propertyKey: "sync", propertyValue: { id: 1 } });
  await issue.createRemoteLink({ issueKey: key, remoteLink: remote });
  const stream = await fileStream("a.txt");
  await issue.addAttachment({ issueKey: key, filename: stream.path });
  expect((await mia.getIssue(key)).fields).toMatchObject({
    summary: "Changed",
    status: { name: "In Progress" },
    comment: { comments: [{ body: "hello" }] },
    timespent: 3_600,
    watches: { watchCount: 1 },
    issuelinks: [{ outwardIssue: { key: other.key } }],
    attachment: [{ filename: "a.txt", size: 5 }],
  });
  expect(await webhook.createWebhook(hook)).toMatchObject({ name: "foreign" });
  await webhook.deleteWebhook({ webhookId: "1" });
  await issue.deleteIssue({ issueKey: key });
  await expect(mia.getIssue(key)).rejects.toMatchObject({ status: 404 });
});

test("jira.js does everything that it can do here", async ({ bench: { simulator, mia } }) => {
  const client = new Version2Client({
    host: simulator.baseUrl,
    authentication: { oauth2: { accessToken: "mia-token" } },
  });
  const { key } = await client.issues.createIssue({ fields: fields("One") });
  const other = await client.issues.createIssue({ fields: fields("Two") });
  expect(await client.issues.getIssue({ issueIdOrKey: key })).toMatchObject({ key });
  const found = await client.issueSearch.searchForIssuesUsingJqlPost({ jql: `key = ${key}` });
  expect(found.total).toBe(1);
  await client.issues.editIssue({ issueIdOrKey: key, fields: { summary: "Changed" } });
  await client.issues.doTransition({ issueIdOrKey: key, transition: { id: "11" } });
  await client.issueComments.addComment({ issueIdOrKey: key, comment: "hello" });
  await client.issueWorklogs.addWorklog({ issueIdOrKey: key, timeSpent: "1h" });
  // It says "account id" for what a Data Center knows by name.
  await client.issueWatchers.addWatcher({ issueIdOrKey: key, accountId: "mia" });
  expect(await client.issueWatchers.getIssueWatchers({ issueIdOrKey: key })).toMatchObject({
    watchCount: 1,
    watchers: [{ name: "mia" }],
  });
  await client.issueLinks.linkIssues({
    type: { name: "Blocks" },
    inwardIssue: { key },
    outwardIssue: { key: other.key },
  });
  await client.issueProperties.setIssueProperty({
    issueIdOrKey: key,
    propertyKey: "sync",
    propertyValue: { id: 1 },
  });
  await client.issueRemoteLinks.createOrUpdateRemoteIssueLink({ issueIdOrKey: key, ...remote });
  await client.issueAttachments.addAttachment({
    issueIdOrKey: key,
    attachment: { filename: "ü.txt", file: Buffer.from("hello") },
  });
  expect((await mia.getIssue(key)).fields).toMatchObject({
    summary: "Changed",
    status: { name: "In Progress" },
    comment: { comments: [{ body: "hello" }] },
    timespent: 3_600,
    issuelinks: [{ outwardIssue: { key: other.key } }],
    attachment: [{ filename: "ü.txt", size: 5 }],
  });
  await client.issues.deleteIssue({ issueIdOrKey: key });
  await expect(mia.getIssue(key)).rejects.toMatchObject({ status: 404 });
});

/** An open file of five bytes, as the older clients want one. */
async function fileStream(name: string) {
  const folder = await mkdtemp(join(tmpdir(), "jira-file-"));
  const path = join(folder, name);
  await writeFile(path, "hello");
  return createReadStream(path).once("close", () => void rm(folder, { recursive: true }));
}
