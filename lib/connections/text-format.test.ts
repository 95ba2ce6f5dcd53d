import { describe, expect } from "vitest";
import { openSides } from "@/lib/connections/connection-opener";
import { createConnection, createInstance } from "@/lib/connections/connection-store";
import { readConnectionPage } from "@/lib/connections/page-store";
import { connectionInput, instanceInput } from "@/lib/connections/schema";
import { changeTextFormat } from "@/lib/connections/text-format-store";
import { parseRanges } from "@/lib/connectors/address-guard";
import { openNetwork } from "@/lib/connectors/network";
import type { Db } from "@/lib/db/database";
import { digestOfComment, mirrorBody } from "@/lib/sync/comments";
import { mappingSchema } from "@/lib/sync/mapping-schema";
import { plan } from "@/lib/sync/plan";
import type { IssueReading } from "@/lib/sync/replica";
import { test } from "@/lib/testing/database";
import { commentBy, LOCAL, pairInput, REMOTE, reading } from "@/lib/testing/readings";

const at = (name: string, more: object = {}) =>
  instanceInput.parse({ name, baseUrl: `https://${name}.example.com`, token: "secret", ...more });

/** A connection of two Redmines; the remote one was set to Markdown when it was added. */
async function connected(db: Db) {
  const kind = "redmine";
  const usual = await createInstance(db, at("usual", { kind }), "ada");
  const modern = await createInstance(db, at("modern", { kind, textFormat: "markdown" }), "ada");
  const side = (instance: string) => ({ instance, project: "support", issueType: "Bug" });
  const { id } = await createConnection(
    db,
    connectionInput.parse({ name: "Both", local: side("usual"), remote: side("modern") }),
    "ada",
  );
  return { id, usual: usual.id, modern: modern.id };
}

async function markups(db: Db, id: number) {
  const connection = await db.connection.findUniqueOrThrow({
    where: { id },
    include: { localInstance: true, remoteInstance: true },
  });
  const network = openNetwork(parseRanges("127.0.0.0/8"));
  const sides = openSides(connection, network, { writeTimeoutMs: 1_000 });
  await network.close();
  return [sides.local.markup, sides.remote.markup];
}

test("texts of a Redmine are written in the formatting that was chosen for it, and in Textile where nothing was", async ({
  db,
}) => {
  const { id } = await connected(db);
  expect(await markups(db, id)).toEqual(["textile", "markdown"]);
  const created = await db.audit.findMany({
    where: { action: "instance.created" },
    orderBy: { id: "asc" },
  });
  expect(created.map(({ detail }) => (detail as { textFormat?: string }).textFormat)).toEqual([
    undefined,
    "markdown",
  ]);
});

test("an instance whose texts have one markup has none to choose", async ({ db }) => {
  await expect(createInstance(db, at("jira", { textFormat: "markdown" }), "ada")).rejects.toThrow(
    "the texts of Jira Data Center have one markup",
  );
  expect(await db.instance.count()).toBe(0);
});

describe("the formatting of an instance that is used already", () => {
  const input = { textFormat: "markdown", shown: "textile", by: "eve" } as const;

  test("is changed for all its connections, audited, and what waits is planned anew", async ({
    db,
  }) => {
    const { id, usual } = await connected(db);
    await db.pair.create({
      data: {
        connectionId: id,
        ...{ localIssueId: "7", localKey: "#7", localBase: {} },
        ...{ remoteIssueId: "8", remoteKey: "#8", remoteBase: {} },
      },
    });
    await db.$queryRaw`select record_change(${id}::int, 'local', '7', 'updated', 'poll', null, null, 'seed', 0)`;
    await db.queueEntry.updateMany({ data: { plannedVersion: 1 } });
    await changeTextFormat(db, { ...input, id: usual, reason: "switched on Monday" });
    expect(await markups(db, id)).toEqual(["markdown", "markdown"]);
    expect(await db.queueEntry.findMany({ select: { plannedVersion: true } })).toEqual([
      { plannedVersion: null },
    ]);
    expect(await db.audit.findFirst({ orderBy: { id: "desc" } })).toMatchObject({
      actor: "eve",
      action: "instance.text_format_changed",
      subject: "usual",
      reason: "switched on Monday",
      detail: { textFormat: "textile → markdown" },
    });
    const page = await readConnectionPage(db, id, "https://sync.example.com");
    expect(page?.local.textFormat).toEqual({ now: "markdown", choices: ["textile", "markdown"] });
  });

  test("is not changed over somebody else's head, nor where there is none to choose", async ({
    db,
  }) => {
    const { id, modern } = await connected(db);
    const jira = await createInstance(db, at("jira"), "ada");
    const change = (of: number) => changeTextFormat(db, { ...input, id: of });
    await expect(change(modern)).rejects.toThrow("changed by somebody else meanwhile");
    await expect(change(jira.id)).rejects.toThrow("have one markup");
    await expect(change(999)).rejects.toThrow("there is no such instance");
    expect(await markups(db, id)).toEqual(["textile", "markdown"]);
  });

  test("rewrites no text that is there: only what somebody edits is read anew", () => {
    const description = { local: "h2. Was\n\n*bold*", remote: "h2. Was\n\n*bold*" };
    const issueAt = (side: "local" | "remote", text = description[side]) =>
      reading({ description: text }, { id: side, key: side });
    const pair = (local: IssueReading) =>
      plan(
        pairInput({
          local,
          remote: issueAt("remote"),
          base: {
            local: { description: description.local },
            remote: { description: description.remote },
          },
          mapping: mappingSchema.parse({
            version: 2,
            fields: [{ local: "description", remote: "description", kind: "markup" }],
          }),
          terms: { ...pairInput().terms, markup: { local: "jira-wiki", remote: "markdown" } },
        }),
      ).plan.writes;
    expect(pair(issueAt("local"))).toEqual([]);
    expect(pair(issueAt("local", "h2. Was\n\n*bolder*"))).toMatchObject([
      { changes: [{ field: "description", to: "## Was\n\n**bolder**" }] },
    ]);
  });

  test("takes no mirror of a comment for one that was edited", () => {
    const [said, mirrored] = ["a {{sign}} of it", "a @sign@ of it"];
    const { terms } = pairInput();
    const planned = plan(
      pairInput({
        local: reading(LOCAL, { id: "10", key: "PROD-1", comments: [commentBy("ada", "1", said)] }),
        remote: reading(REMOTE, {
          id: "20",
          key: "#20",
          comments: [commentBy("sync", "91", mirrorBody("ada", mirrored))],
        }),
        known: [{ side: "local", id: "1", mirrorId: "91", sent: digestOfComment(said) }],
        terms: { ...terms, markup: { local: "jira-wiki", remote: "markdown" } },
      }),
    );
    expect(planned.plan).toMatchObject({ writes: [], notes: [] });
  });
});
