import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connector, Http, OpenSide, Wanted } from "@/lib/connectors/connector";
import { SyncError } from "@/lib/errors";
import { sameValue } from "@/lib/sync/replica";
import { openTicket } from "@/lib/testing/ticket";

/** A real instance, or a simulated one, with a project that anonymous people may see. */
export type Bench = {
  /** As the sync account; `secret` instead of its own. */
  open(options?: { secret?: string; wanted?: Wanted[] }): OpenSide;
  wrongSecret: string;
  /** The sync account, as it is known as an author, and as somebody who stands in a field. */
  account: { key: string; login: string };
  /** Somebody who works there. */
  person: {
    create(summary: string, description?: string): Promise<{ id: string; key: string }>;
    rename(id: string, summary: string): Promise<unknown>;
    comment(id: string, text: string): Promise<unknown>;
    commentPrivately(id: string, text: string): Promise<unknown>;
    remove(id: string): Promise<unknown>;
  };
  /** A circle that the account may write for. */
  circle: string;
  /** Two values that the instance has. */
  priorities: [string, string];
  close(): Promise<void>;
};

const WANTED: Wanted[] = [
  { id: "summary", kind: "text" },
  { id: "description", kind: "markup" },
  { id: "status", kind: "option" },
  { id: "priority", kind: "option" },
  { id: "dueDate", kind: "date" },
  { id: "assignee", kind: "user" },
];

const MARKER = "0a1b2c3d.7";
let pairs = 0;
/** A pair's marker that no other test uses. */
const newMarker = () => `${MARKER}.${Date.now()}${pairs++}`;
const toAll = (body: string) => ({ body, restrictedTo: null });

/** A call that must not happen fails the test. */
const noHttp: Http = {
  read: () => expect.unreachable("a read"),
  peek: () => expect.unreachable("a look"),
  stream: () => expect.unreachable("a file"),
  upload: () => expect.unreachable("an upload"),
  write: () => expect.unreachable("a write"),
};

/** What the engine relies on, the same for every kind of instance. */
export function behavesLikeAConnector<Settings>(
  connector: Connector<Settings>,
  settings: unknown,
  openBench: () => Promise<Bench>,
): void {
  describe(`${connector.displayName} behaves like a connector`, () => {
    let bench: Bench;
    let side: OpenSide;
    beforeAll(async () => {
      bench = await openBench();
      side = bench.open({ wanted: WANTED });
    });
    afterAll(() => bench.close());

    async function created(values: Record<string, string | null> = {}) {
      const marker = newMarker();
      const ticket = openTicket();
      const sent = await side.createIssue(ticket, { summary: "Made by us", ...values }, marker);
      if (sent.kind !== "applied") throw new Error(JSON.stringify(sent));
      return { id: sent.created.id ?? "", key: sent.created.key ?? "", marker, ticket };
    }
    const read = async (id: string) => {
      const reading = await side.readIssue(id);
      if (!reading) throw new Error(`no issue ${id}`);
      return reading;
    };

    test("opening a side, or looking at an instance, sends nothing", () => {
      connector.open(connector.settings.parse(settings), noHttp, "https://example.com", []);
      connector.look(noHttp, "https://example.com");
    });

    test("it says who we are, and what time it is there", async () => {
      const probe = await side.probe();
      expect(probe.account.key).toBe(bench.account.key);
      expect(Math.abs(probe.clockOffsetMs)).toBeLessThan(5_000);
    });

    test("a wrong secret is never believed, not even where everybody may read", async () => {
      const { id } = await bench.person.create("Public");
      const stranger = bench.open({ secret: bench.wrongSecret, wanted: WANTED });
      const rejected = expect.objectContaining({ code: "credentials_rejected" });
      await expect(stranger.probe()).rejects.toEqual(rejected);
      await expect(stranger.readIssue(id)).rejects.toEqual(rejected);
      await expect(stranger.changedSince(new Date(0), 0, "project")).rejects.toEqual(rejected);
      await expect(stranger.createdByUs(new Date(0))).rejects.toEqual(rejected);
    });

    test("an issue is read by its id and by its key, and empty fields are null", async () => {
      const { id, key } = await bench.person.create("Login fails", "first\nsecond");
      const byId = await read(id);
      expect(await side.readIssue(key)).toEqual(byId);
      expect(byId).toMatchObject({ id, key, marker: null, stamp: null, restriction: null });
      expect(byId.fields).toMatchObject({ summary: "Login fails", dueDate: null, assignee: null });
      expect(sameValue(byId.fields.description ?? null, "first\nsecond")).toBe(true);
      expect(connector.issueUrl("https://example.com", key)).toContain("https://example.com/");
    });

    test("an issue that is gone, or never was, is null", async () => {
      const { id } = await bench.person.create("Short-lived");
      await bench.person.remove(id);
      expect(await side.readIssue(id)).toBeNull();
      expect(await side.readIssue("999999999")).toBeNull();
      expect(await side.readIssue("no such key")).toBeNull();
    });

    test("a list of issues holds those that are there, and leaves out one that is gone", async () => {
      const kept = await bench.person.create("Stays");
      const gone = await bench.person.create("Goes");
      await bench.person.remove(gone.id);
      expect(await side.listed([gone.id, kept.id, "999999999"])).toEqual(new Set([kept.id]));
      expect(await side.listed([gone.id])).toEqual(new Set());
    });

    test("a created issue is found by its marker when nobody heard the answer", async () => {
      const since = new Date(Date.now() - 1_000);
      const { id, key, marker, ticket } = await created({ description: "Text" });
      expect(ticket.settled).toMatchObject([{ outcome: "applied", created: { id, key } }]);
      expect(await side.createdByUs(since)).toContainEqual({ id, key, marker });
      expect(await read(id)).toMatchObject({ marker, fields: { summary: "Made by us" } });
    });

    test("an update arrives, with the stamp that rides along, and its text comes back as it was sent", async () => {
      const { id } = await bench.person.create("Before", "Old");
      const { fields } = await read(id);
      const description = "one\r\n\r\n* two\r\nthree – ü 🙂";
      const [, priority] = bench.priorities;
      const changes = Object.entries({ summary: "After", description, priority }).map(
        ([field, to]) => ({ field, source: field, from: fields[field] ?? null, to }),
      );
      const stamp = { marker: newMarker(), twinId: "4711", write: "w-1" };
      const ticket = openTicket();
      expect(await side.updateIssue(ticket, id, changes, stamp)).toMatchObject({ kind: "applied" });
      expect(ticket.settled).toMatchObject([{ outcome: "applied" }]);
      const after = await read(id);
      expect(after.fields).toMatchObject({ summary: "After", priority });
      expect(sameValue(after.fields.description ?? null, description)).toBe(true);
      expect(after.stamp).toEqual(stamp);
      // A stamp does not make it ours.
      expect(after.marker).toBeNull();
    });

    test("a field is emptied", async () => {
      const { id } = await created({ description: "Text", dueDate: "2026-12-24" });
      expect((await read(id)).fields).toMatchObject({ dueDate: "2026-12-24" });
      const changes = [
        { field: "description", source: "description", from: "Text", to: null },
        { field: "dueDate", source: "dueDate", from: "2026-12-24", to: null },
      ];
      await side.updateIssue(openTicket(), id, changes, null);
      expect((await read(id)).fields).toMatchObject({ description: null, dueDate: null });
    });

    test("a value that the instance does not have is refused, and does not count as written", async () => {
      const { id } = await created();
      const { priority = null } = (await read(id)).fields;
      const change = { field: "priority", source: "priority", from: priority, to: "No such" };
      const ticket = openTicket();
      const sent = await side
        .updateIssue(ticket, id, [change], null)
        .catch((error: unknown) => ({ kind: "failed", error }));
      expect(sent).toMatchObject({ kind: "failed", error: { code: "field_rejected" } });
      expect(ticket.settled.filter(({ outcome }) => outcome === "applied")).toEqual([]);
      expect((await read(id)).fields.priority).toBe(priority);
    });

    test("nothing is sent without a permit", async () => {
      const { id } = await bench.person.create("Untouched");
      const shut = { ...openTicket(), request: async () => ({ refused: "inactive" }) };
      const change = { field: "summary", source: "summary", from: "Untouched", to: "Touched" };
      const refused = { kind: "refused", because: "inactive" };
      expect(await side.updateIssue(shut, id, [change], null)).toEqual(refused);
      expect(await side.addComment(shut, id, toAll("Hello"), newMarker())).toEqual(refused);
      expect(await side.createIssue(shut, { summary: "Never" }, newMarker())).toEqual(refused);
      expect(await side.stamp(shut, id, newMarker(), "1")).toEqual(refused);
      expect(await read(id)).toMatchObject({ fields: { summary: "Untouched" }, comments: [] });
    });

    test("a step that is offered is taken, one that is not changes nothing and does not count", async () => {
      const { id } = await created();
      const [step] = (await read(id)).transitions;
      if (!step) throw new Error("no step is offered");
      expect(await side.transition(openTicket(), id, step.id, {})).toMatchObject({
        kind: "applied",
      });
      expect((await read(id)).fields.status).toBe(step.to);
      expect(await side.transition(openTicket(), id, "9999", {})).toMatchObject({ kind: "failed" });
      expect((await read(id)).fields.status).toBe(step.to);
    });

    test("a comment carries its marker where nobody reads it, before and after an edit", async () => {
      const { id, marker } = await created();
      await bench.person.comment(id, "From a person");
      const ours = `${marker}.remote.c-1`;
      await side.addComment(openTicket(), id, toAll("*Ada* wrote:\n\nHello"), ours);
      const { comments } = await read(id);
      expect(comments.map(({ body }) => body)).toEqual(["From a person", "*Ada* wrote:\n\nHello"]);
      expect(comments[1]?.authorKey).toBe(bench.account.key);
      const commentId = comments[1]?.id ?? "";
      expect(await side.commentMarkers(id)).toEqual(new Map([[commentId, ours]]));
      await side.updateComment(openTicket(), id, commentId, toAll("*Ada* wrote:\n\nHello again"));
      expect((await read(id)).comments[1]?.body).toBe("*Ada* wrote:\n\nHello again");
      expect(await side.commentMarkers(id)).toEqual(new Map([[commentId, ours]]));
    });

    test("a private comment is known as one, and one of ours never becomes public", async () => {
      const { id } = await bench.person.create("Secrets");
      await bench.person.commentPrivately(id, "for us only");
      const text = { body: "ours, for them only", restrictedTo: bench.circle };
      await side.addComment(openTicket(), id, text, newMarker());
      const { comments } = await read(id);
      expect(comments.map(({ restrictedTo }) => restrictedTo)).toEqual([
        bench.circle,
        bench.circle,
      ]);
      const unknown = { body: "for nobody", restrictedTo: "no such circle" };
      await expect(side.addComment(openTicket(), id, unknown, newMarker())).rejects.toThrow(
        SyncError,
      );
      expect((await read(id)).comments).toHaveLength(2);
    });

    test("issues with the same summary are found, whatever signs it holds", async () => {
      const summary = 'Pump 7: "leaks" (again), 50% | twice';
      const { id } = await bench.person.create(summary);
      await bench.person.create("Pump 8");
      const found = await side.alike(summary, 20);
      expect(found.map((issue) => [issue.id, issue.summary])).toEqual([[id, summary]]);
      expect(await side.alike("   ", 20)).toEqual([]);
    });

    test("what changed is found from its own moment on, oldest first, page by page", async () => {
      const first = await bench.person.create("Changed first");
      const second = await bench.person.create("Changed second");
      await bench.person.rename(first.id, "Changed last");
      const moment = new Date((await read(first.id)).updatedAt);
      const changed = await side.changedSince(moment, 0, "project");
      expect(changed.issues.map(({ id }) => id)).toContain(first.id);
      const begin = new Date(moment.getTime() - 120_000);
      const all: string[] = [];
      for (let pages = 0; pages < 50; pages++) {
        const page = await side.changedSince(begin, all.length, "project");
        all.push(...page.issues.map(({ id }) => id));
        if (page.issues.length === 0 || all.length >= page.total) break;
      }
      expect(all).toEqual(expect.arrayContaining([first.id, second.id]));
      const rest = await side.changedSince(begin, all.length - 1, "project");
      expect(rest.issues.map(({ id }) => id)).toEqual(all.slice(-1));
    });

    test("who changed a field when is told, as far as the connector says that it can", async () => {
      const { id } = await bench.person.create("Once");
      await bench.person.rename(id, "Twice");
      const item = { field: "summary", from: "Once", to: "Twice" };
      expect(await side.history(id)).toEqual(
        connector.can.history ? [expect.objectContaining(item)] : [],
      );
    });

    test("fields, values and people are described in the terms of a reading", async () => {
      const { fields, statuses, people } = await side.describe();
      const { login } = bench.account;
      const { id } = await created({ assignee: login });
      const reading = await read(id);
      expect(statuses).toContain(reading.fields.status);
      expect(fields.find((field) => field.id === "priority")?.allowed).toEqual(
        expect.arrayContaining([...bench.priorities]),
      );
      expect(reading.fields.assignee).toBe(login);
      // Null says that our account may not list them.
      expect(people === null || people.some(({ key }) => key === login)).toBe(true);
      expect(await side.findPerson({ key: login })).toMatchObject({ key: login });
      expect(await side.findPerson({ key: "nobody" })).toBeNull();
    });

    test("of an account with all rights nothing is said to be wrong", async () => {
      const checks = await side.rights();
      expect(checks).not.toEqual([]);
      expect(checks.filter(({ state }) => state === "wrong")).toEqual([]);
    });

    test("our sign of life stands where it was written, or there is no place for it", async () => {
      const { id } = await created();
      const spot = { key: "exalate.claim.test", place: "issue" as const, issueId: id };
      const record = { identity: "i", incarnation: "n", nonce: "1", console: null };
      expect(await side.readClaim(spot)).toBeNull();
      const sent = await side.writeClaim(openTicket(), spot, record);
      if (connector.can.claim) {
        expect(sent).toMatchObject({ kind: "applied" });
        expect(await side.readClaim(spot)).toEqual(record);
      } else {
        expect(sent).toMatchObject({ kind: "failed", error: { code: "field_rejected" } });
        expect(await side.readClaim(spot)).toBeNull();
      }
      await expect(side.vitals()).resolves.toBeDefined();
    });
  });
}
