import { describe, expect } from "vitest";
import { test } from "@/e2e/simulators/jira-data-center/fixture";
import { jiraDataCenter } from "@/lib/connectors/jira-data-center";

const ALL_EVENTS = [
  "jira:issue_created",
  "jira:issue_updated",
  "jira:issue_deleted",
  "comment_created",
  "comment_updated",
  "comment_deleted",
];
const parse = jiraDataCenter.parseWebhook;

describe("a webhook of Jira", () => {
  test("tells which issue changed, how and by whom, for all that happens to an issue", async ({
    bench,
    receiver,
  }) => {
    const { simulator, admin, mia } = bench;
    await admin.createWebhook({ url: receiver.url, events: ALL_EVENTS });
    const issue = await mia.createIssue({ project: "ABC", summary: "One" });
    await mia.editIssue(issue.key, { summary: "Two" });
    const comment = await mia.comment(issue.key, "Hello");
    await mia.editComment(issue.key, comment.id, "Hello again");
    await mia.deleteComment(issue.key, comment.id);
    await mia.deleteIssue(issue.key);
    await simulator.webhooksSettled();

    const hints = receiver.received.map(({ body }) => parse(body));
    expect(hints.map((hint) => [hint?.issueId, hint?.kind, hint?.actor])).toEqual(
      ["created", "updated", ...Array(6).fill("commented"), "deleted"].map((kind) => [
        issue.id,
        kind,
        "mia",
      ]),
    );
    for (const [index, { body }] of receiver.received.entries())
      expect(hints[index]?.happenedAt).toEqual(new Date(body.timestamp));
  });

  test("about a link, of which nothing else tells, names the issue that it comes from", async ({
    bench,
    receiver,
  }) => {
    const { simulator, admin, mia } = bench;
    await admin.createWebhook({ url: receiver.url, events: ["issuelink_created"] });
    const from = await mia.createIssue({ project: "ABC", summary: "From" });
    const to = await mia.createIssue({ project: "ABC", summary: "To" });
    await mia.link(from.key, "Blocks", to.key);
    await simulator.webhooksSettled();
    expect(receiver.received.map(({ body }) => parse(body))).toMatchObject([
      { issueId: from.id, kind: "updated", actor: null },
    ]);
  });

  test("about a comment comes twice and counts once, while each edit of it counts", async ({
    bench,
    receiver,
  }) => {
    const { simulator, admin, mia } = bench;
    await admin.createWebhook({ url: receiver.url, events: ALL_EVENTS });
    const issue = await mia.createIssue({ project: "ABC", summary: "One" });
    const comment = await mia.comment(issue.key, "Hello");
    await mia.editComment(issue.key, comment.id, "Hello again");
    await mia.comment(issue.key, "Hello");
    await simulator.webhooksSettled();
    const about = receiver.received.filter(({ body }) => body.comment);
    expect(about).toHaveLength(6);
    expect(new Set(about.map(({ body }) => parse(body)?.fingerprint)).size).toBe(3);
  });

  test("that is delivered twice has one fingerprint, and two edits have two", () => {
    const edit = (timestamp: number, id: string) => ({
      webhookEvent: "jira:issue_updated",
      timestamp,
      issue: { id: "10001" },
      changelog: { id, items: [] },
    });
    expect(parse(edit(1, "5"))?.fingerprint).toBe(parse(edit(1, "5"))?.fingerprint);
    expect(parse(edit(1, "5"))?.fingerprint).not.toBe(parse(edit(1, "6"))?.fingerprint);
    expect(parse(edit(1, "5"))?.fingerprint).not.toBe(parse(edit(2, "5"))?.fingerprint);
  });

  test("about something else than an issue is none of ours, whatever its shape", () => {
    expect(parse({ webhookEvent: "sprint_started", sprint: { id: 1 } })).toBeNull();
    expect(parse({ webhookEvent: "worklog_created", timestamp: 1, worklog: {} })).toBeNull();
  });

  test("of an unknown shape is refused, so that somebody notices", () => {
    expect(() => parse({ webhookEvent: "jira:issue_updated" })).toThrow();
    expect(() => parse(["not", "a", "webhook"])).toThrow();
  });
});
