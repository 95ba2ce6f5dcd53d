import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { effectOf } from "@/lib/sync/apply";
import { type FieldMapping, type Mapping, mappingSchema } from "@/lib/sync/mapping-schema";
import { type PlanInput, plan } from "@/lib/sync/plan";
import { otherSide, type Side, type Write } from "@/lib/sync/plan-types";
import { type Fields, sameValue } from "@/lib/sync/replica";
import type { Terms } from "@/lib/sync/translate";
import { pairInput, reading } from "@/lib/testing/readings";

// Two sides that share nothing: other ids, other values, other people, other markup.
const ROWS: FieldMapping[] = [
  { local: "summary", remote: "subject", kind: "text", direction: "both" },
  { local: "description", remote: "notes", kind: "markup", direction: "both" },
  {
    local: "priority",
    remote: "cf_1",
    kind: "option",
    direction: "both",
    // Two of ours are one of theirs, and one of ours has no counterpart.
    values: {
      toRemote: { High: "P1", Urgent: "P1", Low: "P3" },
      toLocal: { P1: "High", P3: "Low" },
    },
  },
  { local: "labels", remote: "tags", kind: "options", direction: "both" },
  {
    local: "components",
    remote: "areas",
    kind: "options",
    direction: "both",
    values: {
      toRemote: { UI: "front", Web: "front", API: "back" },
      toLocal: { front: "UI", back: "API" },
    },
  },
  { local: "assignee", remote: "cf_2", kind: "user", direction: "both" },
  { local: "dueDate", remote: "due", kind: "date", direction: "to_remote" },
  { local: "customfield_7", remote: "effort", kind: "number", direction: "to_local" },
];
const MAPPING = mappingSchema.parse({ version: 2, fields: ROWS });
const TERMS: Terms = {
  markup: { local: "jira-wiki", remote: "textile" },
  people: {
    remote: new Map([
      ["ada", "a.lovelace"],
      ["bob", "bob"],
      ["eve", null],
    ]),
    local: new Map([
      ["a.lovelace", "ada"],
      ["bob", "bob"],
      ["guest", null],
    ]),
  },
};

const LINES = fc
  .array(fc.constantFrom("one", "two", "*three*", "four"), { minLength: 1, maxLength: 5 })
  .map((lines) => lines.join("\n"));
const subset = (...values: string[]) => fc.subarray(values);
const LOCAL = fc.record({
  summary: fc.constantFrom("a", "b", "c"),
  description: fc.option(LINES),
  priority: fc.constantFrom("High", "Urgent", "Low", "Trivial"),
  labels: subset("p", "q", "r"),
  components: subset("UI", "Web", "API", "Docs"),
  assignee: fc.constantFrom(null, "ada", "bob", "eve"),
  dueDate: fc.constantFrom(null, "2026-11-25", "2026-12-24"),
  customfield_7: fc.constantFrom(null, "1", "2.5"),
});
const REMOTE = fc.record({
  subject: fc.constantFrom("a", "b", "c"),
  notes: fc.option(LINES),
  cf_1: fc.constantFrom("P1", "P2", "P3"),
  tags: subset("p", "q", "r"),
  areas: subset("front", "back", "ops"),
  cf_2: fc.constantFrom(null, "a.lovelace", "bob", "guest"),
  due: fc.constantFrom(null, "2026-11-25", "2026-12-24"),
  effort: fc.constantFrom(null, "1", "2.5"),
});
type Both = Record<Side, Fields>;
const BOTH = fc.record({ local: LOCAL, remote: REMOTE }) as fc.Arbitrary<Both>;
const POLICY = fc.constantFrom("local" as const, "remote" as const);

function input(now: Both, base: Both, more: Partial<PlanInput> = {}): PlanInput {
  return pairInput({
    local: reading(now.local, { id: "10", key: "PROD-1" }),
    remote: reading(now.remote, { id: "20", key: "ACME-1" }),
    base,
    mapping: MAPPING,
    terms: TERMS,
    ...more,
  });
}
const writesOf = (now: Both, base: Both, more: Partial<PlanInput> = {}) =>
  plan(input(now, base, more)).plan.writes;

/** What both sides show after some writes. */
function shown(now: Both, writes: Write[]): Both {
  const result = { local: { ...now.local }, remote: { ...now.remote } };
  for (const write of writes)
    if (write.kind === "update_issue")
      for (const { field, to } of write.changes) result[write.side][field] = to;
  return result;
}

/** What is known of both sides after some writes were confirmed. */
function learned(now: Both, base: Both, writes: Write[]): Both {
  const known = { local: { ...base.local }, remote: { ...base.remote } };
  const begun = new Set<string>();
  const readings = { local: reading(now.local), remote: reading(now.remote) };
  for (const write of writes) {
    const effect = effectOf(write, readings, begun);
    Object.assign(known.local, effect.localFields);
    Object.assign(known.remote, effect.remoteFields);
    if (write.kind === "update_issue")
      for (const { field, merged } of write.changes)
        if (merged) begun.add(`${write.side} ${field}`);
  }
  return known;
}

/** A base that the two sides could have been in step at: what they come to when nobody edits any more. */
const BASE = fc.tuple(BOTH, POLICY).map(([both, policy]) => {
  const writes = writesOf(both, both, {
    base: { local: null, remote: null },
    firstMeeting: policy,
  });
  return shown(both, writes);
});

const show = (both: Both) =>
  Object.fromEntries(
    ROWS.flatMap((row) =>
      (["local", "remote"] as const).map((side) => [
        `${side} ${row[side]}`,
        canonical(both[side][row[side]]),
      ]),
    ),
  );
const canonical = (value: Fields[string] | undefined) =>
  Array.isArray(value) ? [...value].sort() : (value ?? "");

describe("merging two sides that share nothing but a mapping", () => {
  test("a side that nobody touched never overwrites the other", () => {
    fc.assert(
      fc.property(BASE, LOCAL, REMOTE, (base, mine, theirs) => {
        const toRemote = writesOf({ ...base, local: mine as Fields }, base);
        expect(toRemote.every(({ side }) => side === "remote")).toBe(true);
        const toLocal = writesOf({ ...base, remote: theirs as Fields }, base);
        expect(toLocal.every(({ side }) => side === "local")).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("the local and the remote side are treated alike", () => {
    const turned: Mapping = {
      ...MAPPING,
      fields: ROWS.map((row) => ({
        ...row,
        local: row.remote,
        remote: row.local,
        direction:
          row.direction === "to_local"
            ? "to_remote"
            : row.direction === "to_remote"
              ? "to_local"
              : row.direction,
        ...(row.values && {
          values: { toRemote: row.values.toLocal, toLocal: row.values.toRemote },
        }),
      })),
    };
    const turnedTerms: Terms = {
      markup: { local: TERMS.markup.remote, remote: TERMS.markup.local },
      people: { local: TERMS.people.remote, remote: TERMS.people.local },
    };
    const turn = ({ local, remote }: Both): Both => ({ local: remote, remote: local });
    fc.assert(
      fc.property(BASE, BOTH, POLICY, (base, now, policy) => {
        const straight = shown(now, writesOf(now, base, { policy }));
        const crossed = writesOf(turn(now), turn(base), {
          policy: otherSide(policy),
          mapping: turned,
          terms: turnedTerms,
        });
        expect(show(turn(shown(turn(now), crossed)))).toEqual(show(straight));
      }),
      { numRuns: 1_000 },
    );
  });

  test("a second round writes nothing, with what the first taught and after a crash that recorded nothing", () => {
    fc.assert(
      fc.property(BASE, BOTH, POLICY, (base, now, policy) => {
        const first = writesOf(now, base, { policy });
        const then = shown(now, first);
        expect(writesOf(then, learned(now, base, first), { policy })).toEqual([]);
        expect(writesOf(then, then, { policy })).toEqual([]);
        expect(writesOf(then, base, { policy })).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a crash after any of its writes leads to the same end, and changes nobody's edit", () => {
    fc.assert(
      fc.property(BASE, BOTH, POLICY, (base, now, policy) => {
        const whole = writesOf(now, base, { policy });
        const end = show(shown(now, whole));
        for (let done = 0; done < whole.length; done++) {
          const part = whole.slice(0, done);
          const then = shown(now, part);
          const rest = writesOf(then, learned(now, base, part), { policy });
          expect(show(shown(then, rest))).toEqual(end);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("what a side does not know in its table stays there, whatever comes from the other", () => {
    fc.assert(
      fc.property(BASE, BOTH, (base, now) => {
        const then = shown(now, writesOf(now, base, { policy: "remote" }));
        for (const [side, field, homely] of [
          ["local", "components", "Docs"],
          ["remote", "areas", "ops"],
        ] as const)
          expect((then[side][field] as string[]).includes(homely)).toBe(
            (now[side][field] as string[]).includes(homely),
          );
      }),
      { numRuns: 1_000 },
    );
  });

  test("a field that travels one way is never written the other", () => {
    fc.assert(
      fc.property(BASE, BOTH, POLICY, (base, now, policy) => {
        for (const write of writesOf(now, base, { policy }))
          if (write.kind === "update_issue")
            for (const { field } of write.changes)
              expect(["dueDate", "effort"]).not.toContain(field);
      }),
      { numRuns: 500 },
    );
  });
});

describe("texts that both sides edited", () => {
  const text = (mine: string, theirs: string, was = "one\n\ntwo\n\nthree"): PlanInput => {
    const fields = (value: string) => ({ local: { description: value }, remote: { notes: value } });
    return input(
      { local: fields(mine).local, remote: fields(theirs).remote },
      { local: fields(was).local, remote: fields(was).remote },
    );
  };

  test("merge by lines where the edits do not overlap, and both sides get the whole", () => {
    const { writes } = plan(text("ONE\n\ntwo\n\nthree", "one\n\ntwo\n\nTHREE")).plan;
    expect(writes).toMatchObject([
      { side: "remote", changes: [{ field: "notes", to: "ONE\n\ntwo\n\nTHREE" }] },
      { side: "local", changes: [{ field: "description", to: "ONE\n\ntwo\n\nTHREE" }] },
    ]);
  });

  test("wait for a person where they do, with both texts and what stood there before", () => {
    const planned = plan(text("ONE\n\ntwo\n\nthree", "1\n\ntwo\n\nthree"));
    expect(planned.plan.writes).toEqual([]);
    expect(planned.plan.conflicts).toMatchObject([
      {
        field: "description",
        local: "ONE\n\ntwo\n\nthree",
        remote: "1\n\ntwo\n\nthree",
        resolution: "hold",
      },
    ]);
  });

  test("are merged in the markup of each side", () => {
    const planned = plan(
      input(
        {
          local: { description: "{{a}}\n\ntwo\n\nthree" },
          remote: { notes: "@one@\n\ntwo\n\n@c@" },
        },
        {
          local: { description: "{{one}}\n\ntwo\n\nthree" },
          remote: { notes: "@one@\n\ntwo\n\nthree" },
        },
      ),
    );
    expect(planned.plan.writes).toMatchObject([
      { side: "remote", changes: [{ to: "@a@\n\ntwo\n\n@c@" }] },
      { side: "local", changes: [{ to: "{{a}}\n\ntwo\n\n{{c}}" }] },
    ]);
  });
});

describe("people", () => {
  test("who has a counterpart is named as there; who has none leaves the field as it is, and the plan says so", () => {
    const one = (assignee: string) =>
      plan(
        input(
          { local: { assignee }, remote: { cf_2: "bob" } },
          { local: { assignee: "bob" }, remote: { cf_2: "bob" } },
        ),
      ).plan;
    expect(one("ada").writes).toMatchObject([{ changes: [{ field: "cf_2", to: "a.lovelace" }] }]);
    expect(one("eve")).toMatchObject({
      writes: [],
      notes: [{ field: "assignee", text: expect.stringContaining('"eve" has no counterpart') }],
    });
  });
});

describe("the mapping", () => {
  test("of the first form is read as what it means", () => {
    const mapping = mappingSchema.parse({ fields: { labels: "none" }, comments: "to_remote" });
    expect(mapping.comments).toBe("to_remote");
    expect(mapping.fields.map(({ local, direction }) => [local, direction])).toEqual([
      ["summary", "both"],
      ["description", "both"],
      ["status", "both"],
      ["priority", "both"],
      ["labels", "none"],
    ]);
  });

  test("that maps a field twice, or a status to something else, is refused at its place", () => {
    const refused = (fields: unknown[]) =>
      mappingSchema
        .safeParse({ version: 2, fields })
        .error?.issues.map(({ path }) => path.join("."));
    const row = { local: "a", remote: "b", kind: "text" };
    expect(refused([row, { ...row, remote: "c" }])).toEqual(["fields.1.local"]);
    expect(refused([{ ...row, local: "status" }])).toEqual(["fields.0"]);
  });

  test("gives a new issue its constants, whatever its original has", () => {
    const mapping = mappingSchema.parse({
      version: 2,
      fields: ROWS,
      constants: [{ side: "remote", field: "tags", kind: "options", value: ["from-jira"] }],
    });
    const { writes } = plan(
      pairInput({
        local: reading({ summary: "New", labels: ["p"] }),
        remote: null,
        base: { local: null, remote: null },
        mapping,
        terms: TERMS,
      }),
    ).plan;
    expect(writes).toMatchObject([
      {
        kind: "create_issue",
        values: { subject: "New", tags: ["from-jira"] },
        sources: { subject: "summary" },
      },
    ]);
  });

  test("a set is the same whatever its order", () => {
    expect(sameValue(["b", "a"], ["a", "b", "a"])).toBe(true);
  });
});
