import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { expect, vi } from "vitest";
import { simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { test } from "@/e2e/simulators/jira-data-center/fixture";

test("after a restart everything is there, and ids go on where they were", async ({
  start,
  file,
}) => {
  const first = await start({ file });
  await first.control.createProject({ key: "XYZ" });
  await first.mia.createIssue({ project: "ABC", summary: "kept", labels: ["a"] });
  const { id } = await first.mia.comment("ABC-1", "kept too");
  await first.mia.call("PUT", `/api/2/comment/${id}/properties/sync.twin`, { id: "1" });
  await first.admin.createWebhook({
    url: "http://127.0.0.1:1/x",
    events: ["comment_created"],
    secret: "s",
  });
  await first.control.move("ABC-1", "XYZ");
  const before = await first.mia.getIssue("XYZ-1", {
    expand: "changelog",
    fields: "summary,labels,updated",
  });
  await first.simulator.stop();

  const second = await start({ file });
  const after = await second.mia.getIssue("ABC-1", {
    expand: "changelog",
    fields: "summary,labels,updated",
  });
  expect([after.id, after.key, after.fields, after.changelog?.histories.length]).toEqual([
    before.id,
    "XYZ-1",
    before.fields,
    1,
  ]);
  expect(
    (await second.mia.call("GET", `/api/2/comment/${id}/properties/sync.twin`)).body,
  ).toMatchObject({ value: { id: "1" } });
  expect(second.simulator.state.webhooks.get(1)?.secret).toBe("s");
  expect(await second.mia.createIssue({ project: "ABC", summary: "next" })).toMatchObject({
    id: "10001",
    key: "ABC-2",
  });
});

test("a change is on disk soon after, without anybody asking", async ({ start, file }) => {
  const { mia } = await start({ file });
  await mia.createIssue({ project: "ABC", summary: "saved by itself" });
  await vi.waitFor(
    async () => expect(await readFile(file, "utf8")).toContain("saved by itself"),
    5_000,
  );
});

test("five thousand issues and a thousand edits of them are there after a restart", {
  timeout: 60_000,
}, async ({ start, file }) => {
  const first = await start({ file });
  const description = "some text ".repeat(50);
  await first.control.seed({
    project: "ABC",
    issues: Array.from({ length: 5_000 }, (_, n) => ({ summary: `issue ${n}`, description })),
  });
  for (let n = 1; n <= 1_000; n += 1)
    await first.mia.editIssue(`ABC-${n}`, { summary: `edited ${n}` });
  await first.simulator.stop();

  const { mia } = await start({ file });
  const edited = await mia.search('summary ~ "edited" ORDER BY updated ASC, id ASC', {
    maxResults: "1000",
  });
  expect(edited.issues).toHaveLength(1_000);
  expect((await mia.search("project = ABC", { maxResults: "1" })).total).toBe(5_000);
});

/** The simulator as a program of its own. */
function launch(...args: string[]): ChildProcess {
  const main = "e2e/simulators/jira-data-center/main.ts";
  return spawn(process.execPath, ["--import", "tsx", main, ...args], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
}

async function said(stream: ChildProcess["stdout"], words: RegExp): Promise<string> {
  let text = "";
  for await (const chunk of stream ?? []) {
    text += String(chunk);
    if (words.test(text)) break;
  }
  return text;
}

const exitOf = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once("exit", resolve));

test("as a program it says where it listens, and saves when its starter goes away", {
  timeout: 30_000,
}, async ({ file }) => {
  const child = launch("--name", "partner", "--context", "/jira", "--data", file);
  const exit = exitOf(child);
  const [address = ""] = /http\S+/.exec(await said(child.stdout, /listening on \S+\n/)) ?? [];
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/jira$/);
  await simulatorClient(address).createProject({ key: "KEPT" });
  child.disconnect();
  expect(await exit).toBe(0);
  expect(await readFile(file, "utf8")).toContain("KEPT");
});

test("as a program it begins as a clone of a saved one, and says so when there is none", {
  timeout: 30_000,
}, async ({ start, file }) => {
  const original = await start({ file });
  await original.mia.createIssue({ project: "ABC", summary: "common" });
  await original.control.save();
  const child = launch("--name", "clone", "--context", "/jira", "--from", file);
  const exit = exitOf(child);
  const [address = ""] = /http\S+/.exec(await said(child.stdout, /listening on \S+\n/)) ?? [];
  const mia = simulatorClient(address).as("mia-token");
  expect((await mia.getIssue("ABC-1")).fields.summary).toBe("common");
  expect((await mia.call("GET", "/api/2/serverInfo")).body).toMatchObject({
    baseUrl: original.simulator.baseUrl,
  });
  child.disconnect();
  expect(await exit).toBe(0);

  const none = launch("--name", "clone", "--from", `${file}.none`);
  const [text, code] = await Promise.all([said(none.stderr, /^$/), exitOf(none)]);
  expect([text, code]).toEqual([
    `cannot start the Jira simulator "clone": there is no file ${file}.none\n`,
    1,
  ]);
});

test("a port that is taken is one clear line and exit code 1", { timeout: 30_000 }, async ({
  bench: { simulator },
}) => {
  const port = new URL(simulator.baseUrl).port;
  const child = launch("--name", "second", "--port", port);
  const [text, code] = await Promise.all([said(child.stderr, /^$/), exitOf(child)]);
  expect([text, code]).toEqual([
    `cannot start the Jira simulator "second": port ${port} is taken\n`,
    1,
  ]);
});
