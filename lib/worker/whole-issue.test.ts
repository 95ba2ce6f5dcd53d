import { describe, expect } from "vitest";
import { openSides } from "@/lib/connections/connection-opener";
import { checkMapping } from "@/lib/sync/check-mapping";
import { propose } from "@/lib/sync/propose";
import { type Connected, test } from "@/lib/testing/connected";
import { activeGate } from "@/lib/testing/queue";
import { drain, runner } from "@/lib/testing/runner";

const ENV = { WRITE_TIMEOUT_MS: 3_000, INDEX_LAG_MS: 0, LOOP_ANSWER_MS: 5_000 } as never;
const FIELDS = [
  { name: "Customer", kind: "text" },
  { name: "Notes", kind: "textarea" },
  { name: "Effort", kind: "number" },
  { name: "Go live", kind: "date" },
  { name: "Region", kind: "select", options: ["EU", "US"] },
  { name: "Modules", kind: "multiselect", options: ["Billing", "Login", "Search"] },
  { name: "Owner", kind: "user" },
] as const;
const AT_PROD = 20_000;
const AT_ACME = 30_000;

/** Both projects have the same fields under other ids, and people under other logins. */
async function alike({ production, partner }: Connected) {
  const fields = (first: number) =>
    FIELDS.map((field, index) => ({
      ...field,
      options: [...("options" in field ? field.options : [])],
      id: first + index,
    }));
  const lists = { components: ["Core", "Shop", "API"], versions: ["1.0", "2.0"] };
  await production.createProject({ key: "PROD", ...lists, customFields: fields(AT_PROD) });
  await partner.createProject({ key: "ACME", ...lists, customFields: fields(AT_ACME).reverse() });
  for (const [side, names] of [
    [production, ["ada", "bob"]],
    [partner, ["a.lovelace", "b.babbage"]],
  ] as const)
    for (const [index, name] of names.entries())
      await side.createUser({ name, emailAddress: `${["ada", "bob"][index]}@example.org` });
}

const id = (first: number, name: string) =>
  `customfield_${first + FIELDS.findIndex((field) => field.name === name)}`;

/** Everything that an issue can have, as one side's `fields`. */
function whole(first: number, people: [string, string], version: "first" | "second") {
  const is = <T>(one: T, other: T) => (version === "first" ? one : other);
  const [one, other] = people.map((name) => ({ name }));
  return {
    summary: is("Whole", "Whole again"),
    description: is("h1. All\r\n\r\nof *it*", "h1. All\r\n\r\nof _that_"),
    issuetype: { name: "Bug" },
    priority: { name: is("High", "Lowest") },
    labels: is(["a", "sync"], ["b", "sync"]),
    duedate: is("2026-12-24", "2027-01-06"),
    components: is([{ name: "Core" }, { name: "Shop" }], [{ name: "API" }, { name: "Core" }]),
    fixVersions: is([{ name: "1.0" }], [{ name: "2.0" }]),
    assignee: is(one, other),
    reporter: is(other, one),
    [id(first, "Customer")]: is("Acme", "Bolt"),
    [id(first, "Notes")]: is("* one", "* two"),
    [id(first, "Effort")]: is(2.5, 13),
    [id(first, "Go live")]: is("2026-12-01", "2027-02-01"),
    [id(first, "Region")]: { value: is("EU", "US") },
    [id(first, "Modules")]: is(
      [{ value: "Billing" }, { value: "Login" }],
      [{ value: "Login" }, { value: "Search" }],
    ),
    [id(first, "Owner")]: is(other, one),
  };
}

/** `fields` of an issue as `whole` names them: what only Jira adds is left out. */
function seen(wanted: Record<string, unknown>, fields: Record<string, unknown>) {
  const plain = (value: unknown, like: unknown): unknown => {
    if (Array.isArray(value)) {
      const [first] = like as unknown[];
      return value.map((each) => plain(each, first)).sort(byText);
    }
    if (typeof value !== "object" || value === null || typeof like !== "object" || like === null)
      return value;
    return Object.fromEntries(
      Object.keys(like).map((key) => [key, (value as Record<string, unknown>)[key]]),
    );
  };
  return Object.fromEntries(
    Object.entries(wanted).map(([key, like]) => [key, plain(fields[key], like)]),
  );
}

function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one).localeCompare(JSON.stringify(other));
}

describe("a whole issue", () => {
  test("travels there by a mapping that was proposed, and its every field back when it is edited there", async ({
    db,
    pool,
    connected,
  }) => {
    await alike(connected);
    await db.claim.updateMany({ data: { state: "no_place" } });
    const connection = await db.connection.findFirstOrThrow({
      include: { localInstance: true, remoteInstance: true },
    });
    const sides = openSides(connection, connected.network, { writeTimeoutMs: 3_000 });
    const [local, remote] = [await sides.local.describe(), await sides.remote.describe()];
    const mapping = propose(local, remote);
    expect(checkMapping(mapping, local, remote)).toEqual([]);
    await db.connection.updateMany({ data: { mapping } });

    const mia = {
      local: connected.production.as("admin-token"),
      remote: connected.partner.as("admin-token"),
    };
    const here = whole(AT_PROD, ["ada", "bob"], "first");
    const { key } = await mia.local.createIssue({ project: "PROD", ...here });
    const once = runner(db, pool, connected, await activeGate(db), ENV);
    await connected.poll();
    await drain(pool, once);
    const there = whole(AT_ACME, ["a.lovelace", "b.babbage"], "first");
    expect(seen(there, (await mia.remote.getIssue("ACME-1")).fields as never)).toEqual(there);

    const { issuetype: _kept, ...edited } = whole(AT_ACME, ["a.lovelace", "b.babbage"], "second");
    await mia.remote.editIssue("ACME-1", edited);
    await connected.poll();
    await drain(pool, once);
    const back = whole(AT_PROD, ["ada", "bob"], "second");
    expect(seen(back, (await mia.local.getIssue(key)).fields as never)).toEqual(back);

    const writes = await db.permit.count();
    await connected.poll();
    await drain(pool, once);
    expect(await db.permit.count()).toBe(writes);
    expect(await db.permit.count({ where: { outcome: "rejected" } })).toBe(0);
  });

  test("goes on under its new key when it is moved to another project", async ({
    db,
    pool,
    connected,
  }) => {
    await db.claim.updateMany({ data: { state: "no_place" } });
    await connected.production.createProject({ key: "OTHER" });
    const mia = connected.production.as("mia-token");
    const issue = await mia.createIssue({ project: "PROD", summary: "Moving", labels: ["sync"] });
    const once = runner(db, pool, connected, await activeGate(db), ENV);
    await connected.poll();
    await drain(pool, once);
    await connected.production.move(issue.key, "OTHER");
    await mia.editIssue("OTHER-1", { summary: "Moved" });
    const pair = await db.pair.findFirstOrThrow();
    await pool.query("select record_change($1,'local',$2,'updated','sweep',null,null,'moved',0)", [
      pair.connectionId,
      pair.localIssueId,
    ]);
    await drain(pool, once);
    expect((await connected.partner.as("mia-token").getIssue("ACME-1")).fields.summary).toBe(
      "Moved",
    );
    expect(await db.pair.findFirstOrThrow()).toMatchObject({ localKey: "OTHER-1" });
  });

  test("that is deleted is deleted nowhere else: the pair waits for a person", async ({
    db,
    pool,
    connected,
  }) => {
    await db.claim.updateMany({ data: { state: "no_place" } });
    const mia = connected.production.as("mia-token");
    const issue = await mia.createIssue({ project: "PROD", summary: "Going", labels: ["sync"] });
    const once = runner(db, pool, connected, await activeGate(db), ENV);
    await connected.poll();
    await drain(pool, once);
    await connected.production.as("admin-token").deleteIssue(issue.key);
    const pair = await db.pair.findFirstOrThrow();
    await pool.query("select record_change($1,'local',$2,'deleted','webhook',null,null,'gone',0)", [
      pair.connectionId,
      pair.localIssueId,
    ]);
    await drain(pool, once);
    expect((await connected.partner.as("mia-token").getIssue("ACME-1")).fields.summary).toBe(
      "Going",
    );
    expect(await db.queueEntry.findFirstOrThrow()).toMatchObject({ errorCode: "issue_gone" });
    expect(await db.permit.count({ where: { method: "DELETE" } })).toBe(0);
  });
});
