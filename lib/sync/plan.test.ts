import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { choiceDigest } from "@/lib/sync/choice";
import { digestOfComment, mirrorBody } from "@/lib/sync/comments";
import { mappingSchema } from "@/lib/sync/mapping-schema";
import { isInStep, type PlanInput, plan } from "@/lib/sync/plan";
import type { Write } from "@/lib/sync/plan-types";
import { planDirection, planWords } from "@/lib/sync/plan-words";
import type { Fields, IssueReading } from "@/lib/sync/replica";
import { commentBy, LOCAL, pairInput, REMOTE, reading } from "@/lib/testing/readings";

const local = (fields: Fields, more?: Partial<IssueReading>) =>
  reading({ ...LOCAL, ...fields }, { id: "10", key: "PROD-1", ...more });
const remote = (fields: Fields, more?: Partial<IssueReading>) =>
  reading({ ...REMOTE, ...fields }, { id: "20", key: "ACME-1", ...more });
const mappingRow = (row: object) => {
  const [parsed] = mappingSchema.parse({ version: 2, fields: [row] }).fields;
  if (!parsed) throw new Error("no row");
  return parsed;
};
const writes = (input: Partial<PlanInput>) => plan(pairInput(input)).plan.writes;

describe("planning a pair", () => {
  test("a pair in step has nothing to send", () => {
    expect(isInStep(plan(pairInput()))).toBe(true);
  });

  test("an edit on one side is written to the other, in its terms, with what was there", () => {
    const planned = plan(
      pairInput({ local: local({ summary: "Login fails again", priority: "Low" }) }),
    );
    expect(planned.plan.writes).toEqual([
      {
        kind: "update_issue",
        side: "remote",
        changes: [
          {
            field: "summary",
            source: "summary",
            from: "Login fails",
            to: "Login fails again",
          },
          { field: "priority", source: "priority", from: "P1", to: "P3" },
        ],
      },
    ]);
    expect(planWords(planned.plan)).toBe("summary, priority");
    expect(planDirection(planned.plan)).toBe("to_remote");
  });

  test("both directions are one plan", () => {
    const planned = plan(
      pairInput({ local: local({ summary: "A" }), remote: remote({ labels: ["x"] }) }),
    );
    expect(planDirection(planned.plan)).toBe("both");
  });

  test("two statuses that map to one do not ping-pong", () => {
    const now = { local: local({ status: "In Review" }), remote: remote({ status: "Working" }) };
    const base = {
      local: { ...LOCAL, status: "In Review" },
      remote: { ...REMOTE, status: "Working" },
    };
    expect(writes({ ...now, base })).toEqual([]);
    // Untouched remote does not pull "In Review" back to "In Progress" either.
    expect(
      writes({ ...now, base: { ...base, local: { ...LOCAL, status: "In Progress" } } }),
    ).toEqual([]);
  });

  test("a status is a transition that our account may take now; without one a person is needed", () => {
    expect(writes({ local: local({ status: "Done" }) })).toEqual([
      {
        kind: "transition",
        side: "remote",
        transitionId: "Closed",
        name: "to Closed",
        from: "New",
        to: "Closed",
      },
    ]);
    const stuck = plan(
      pairInput({ local: local({ status: "Done" }), remote: remote({}, { transitions: [] }) }),
    );
    expect(stuck.plan.writes).toEqual([]);
    expect(stuck.problem?.code).toBe("no_transition");
  });

  test("a value without a counterpart stays at home, and the plan says so", () => {
    const planned = plan(pairInput({ local: local({ priority: "Blocker" }) }));
    expect(isInStep(planned)).toBe(true);
    expect(planned.plan.notes[0]?.text).toContain('priority "Blocker" has no counterpart');
  });

  test("a field that is missing in an answer is unreadable, not empty", () => {
    const { description: _unreadable, ...rest } = REMOTE;
    expect(writes({ remote: reading(rest, { id: "20" }) })).toEqual([]);
    expect(writes({ remote: remote({ description: null }) })).toMatchObject([
      { side: "local", changes: [{ field: "description", to: null }] },
    ]);
  });

  test("line ends and trailing blanks are no change", () => {
    expect(writes({ remote: remote({ description: "After the update\r\n" }) })).toEqual([]);
  });

  test("labels merge one by one", () => {
    const base = {
      local: { ...LOCAL, labels: ["a", "b"] },
      remote: { ...REMOTE, labels: ["a", "b"] },
    };
    const planned = writes({
      base,
      local: local({ labels: ["a", "b", "mine"] }),
      remote: remote({ labels: ["b", "theirs"] }),
    });
    expect(planned).toMatchObject([
      { side: "remote", changes: [{ to: ["b", "mine", "theirs"] }] },
      { side: "local", changes: [{ to: ["b", "mine", "theirs"] }] },
    ]);
  });

  test("a value that our own unanswered write may have left is not a person's edit", () => {
    const input = { local: local({ summary: "third" }), remote: remote({ summary: "second" }) };
    expect(plan(pairInput(input)).problem?.code).toBe("conflict");
    const ours = { local: {}, remote: { summary: "second" } };
    expect(writes({ ...input, unconfirmed: ours })).toMatchObject([
      { side: "remote", changes: [{ field: "summary", from: "second", to: "third" }] },
    ]);
  });
});

describe("a set of which a side keeps one element", () => {
  const row = { local: "fixVersions", remote: "fixVersions", kind: "options", name: "Fix version" };
  const { mapping } = pairInput();
  const versions = (ours: string[], theirs: string[], was: string[] = []) =>
    plan(
      pairInput({
        mapping: { ...mapping, fields: [...mapping.fields, mappingRow(row)] },
        takesOne: { local: [], remote: ["fixVersions"] },
        local: local({ fixVersions: ours, summary: "Edited" }),
        remote: remote({ fixVersions: theirs }),
        base: {
          local: { ...LOCAL, fixVersions: was },
          remote: { ...REMOTE, fixVersions: was },
        },
      }),
    );

  test("gets one that is added, and one in place of another", () => {
    for (const was of [[], ["1.0"]])
      expect(versions(["2.0"], was, was).plan.writes).toMatchObject([
        { side: "remote", changes: [{ field: "summary" }, { field: "fixVersions", to: ["2.0"] }] },
      ]);
  });

  test("waits for a person where both sides added one at once; everything else is sent", () => {
    const { plan: planned, problem } = versions(["1.0"], ["2.0"]);
    expect(planned.writes).toMatchObject([{ side: "remote", changes: [{ field: "summary" }] }]);
    expect(problem).toEqual({
      code: "field_rejected",
      message:
        "ACME-1 takes one value of Fix version, and 1.0, 2.0 are to stand there: leave one of them at PROD-1 or ACME-1, and it is sent",
    });
    expect(planned.notes).toMatchObject([{ field: "Fix version", side: "remote" }]);
  });

  test("is left out of a new issue that would get two, and the plan says so", () => {
    const input = pairInput({
      mapping: { ...mapping, fields: [...mapping.fields, mappingRow(row)] },
      takesOne: { local: [], remote: ["fixVersions"] },
      local: local({ fixVersions: ["1.0", "2.0"] }),
      remote: null,
    });
    const { writes: planned, notes } = plan(input).plan;
    expect(planned[0]).not.toHaveProperty("values.fixVersions");
    expect(notes[0]?.text).toContain("Fix version has more than the one element");
  });
});

describe("conflicts", () => {
  const both = { local: local({ summary: "ours" }), remote: remote({ summary: "theirs" }) };

  test("held for a person, a conflict keeps the whole pair as it is", () => {
    const planned = plan(
      pairInput({ ...both, local: local({ summary: "ours", priority: "Low" }) }),
    );
    expect(planned.plan.writes).toEqual([]);
    expect(planned.problem).toEqual({
      code: "conflict",
      message: "summary changed on both sides: a person decides",
    });
  });

  test("the policy's side wins, and the plan shows the conflict", () => {
    const planned = plan(pairInput({ ...both, policy: "remote" }));
    expect(planned.plan.writes).toMatchObject([{ side: "local", changes: [{ to: "theirs" }] }]);
    expect(planned.plan.conflicts).toMatchObject([{ field: "summary", resolution: "remote" }]);
  });

  test("the latest edit wins by the changelogs; a tie or an unknown time holds", () => {
    expect(plan(pairInput({ ...both, policy: "latest" })).needsTimes).toBe(true);
    const at = (a: number, b: number) =>
      plan(
        pairInput({
          ...both,
          policy: "latest",
          changedAt: { local: { summary: a }, remote: { summary: b } },
        }),
      );
    expect(at(2, 1).plan.writes).toMatchObject([{ side: "remote" }]);
    expect(at(1, 2).plan.writes).toMatchObject([{ side: "local" }]);
    expect(at(2, 2).problem?.code).toBe("conflict");
    expect(
      plan(pairInput({ ...both, policy: "latest", changedAt: { local: {}, remote: {} } })).problem
        ?.code,
    ).toBe("conflict");
  });

  test("a person's choice goes before the policy, as long as both values are those that were shown", () => {
    const choices = {
      summary: { side: "remote", digest: choiceDigest({ local: "ours", remote: "theirs" }) },
    } as const;
    for (const policy of ["hold", "local", "latest"] as const) {
      const planned = plan(pairInput({ ...both, policy, choices }));
      expect(planned.problem).toBeNull();
      expect(planned.plan.writes).toMatchObject([{ side: "local", changes: [{ to: "theirs" }] }]);
      expect(planned.plan.conflicts).toMatchObject([{ field: "summary", resolution: "remote" }]);
    }
    for (const edited of [
      { ...both, local: local({ summary: "ours, edited" }) },
      { ...both, remote: remote({ summary: "theirs, edited" }) },
    ])
      expect(plan(pairInput({ ...edited, choices })).problem?.code).toBe("conflict");
  });

  test("a choice settles a first meeting as well, and only its own field", () => {
    const choices = {
      summary: { side: "local", digest: choiceDigest({ local: "ours", remote: "theirs" }) },
    } as const;
    const met = {
      ...both,
      base: { local: null, remote: null },
      local: local({ summary: "ours", labels: ["a"] }),
    };
    const planned = plan(pairInput({ ...met, choices }));
    expect(planned.plan.conflicts).toMatchObject([{ field: "labels", resolution: "hold" }]);
    const labels = met.local.fields.labels ?? null;
    const there = met.remote.fields.labels ?? null;
    const all = {
      ...choices,
      labels: { side: "local", digest: choiceDigest({ local: labels, remote: there }) },
    } as const;
    expect(plan(pairInput({ ...met, choices: all })).plan.writes).toMatchObject([
      {
        side: "remote",
        changes: [
          { field: "summary", to: "ours" },
          { field: "labels", to: ["a"] },
        ],
      },
    ]);
  });

  test("both sides made the same edit: nothing to decide", () => {
    expect(
      writes({ local: local({ status: "Done" }), remote: remote({ status: "Closed" }) }),
    ).toEqual([]);
  });
});

describe("new issues", () => {
  test("a twin is created with our marker, in the other side's terms, with its comments", () => {
    const source = local({ status: "Done" }, { comments: [commentBy("ada", "1", "hello")] });
    const planned = plan(
      pairInput({ local: source, remote: null, base: { local: null, remote: null } }),
    );
    expect(planned.plan.writes).toMatchObject([
      {
        kind: "create_issue",
        side: "remote",
        marker: "node.1.1",
        values: { summary: "Login fails", priority: "P1", labels: ["login"] },
        thenStatus: "Closed",
      },
      {
        kind: "add_comment",
        side: "remote",
        marker: "node.1.1.local.1",
        authorName: "ada",
        body: "hello",
      },
    ]);
    expect(planWords(planned.plan)).toBe("new issue, 1 comment");
  });

  test("an issue that carries a marker of ours never gets a twin of a twin", () => {
    const mirror = remote({}, { marker: "node.1.7" });
    expect(
      isInStep(
        plan(pairInput({ local: null, remote: mirror, base: { local: null, remote: null } })),
      ),
    ).toBe(true);
  });

  test("a fresh twin takes its source's status and the source learns where it is", () => {
    const { status: _local, ...localBase } = LOCAL;
    const { status: _remote, ...remoteBase } = REMOTE;
    expect(
      writes({
        local: local({ status: "Done" }),
        remote: remote({}, { marker: "node.1.1" }),
        base: { local: localBase, remote: remoteBase },
      }),
    ).toMatchObject([
      { kind: "transition", side: "remote", to: "Closed" },
      { kind: "stamp", side: "local", twinId: "20" },
    ]);
  });

  test("two issues that existed before are compared by the policy for first meetings", () => {
    const input = { local: local({ summary: "ours" }), base: { local: null, remote: null } };
    expect(plan(pairInput(input)).problem?.code).toBe("conflict");
    expect(writes({ ...input, firstMeeting: "local" })).toMatchObject([
      { side: "remote", changes: [{ to: "ours" }] },
    ]);
    expect(writes({ base: { local: null, remote: null } })).toEqual([]);
  });
});

describe("comments", () => {
  const hello = commentBy("ada", "1", "hello");
  const known = { side: "local", id: "1", mirrorId: "91", sent: digestOfComment("hello") } as const;

  test("arrive in the order they were written, and never come back as comments", () => {
    const comments = [hello, commentBy("bob", "2", "two"), commentBy("eve", "3", "three")];
    expect(
      writes({ local: local({}, { comments }) }).map(
        (write) => write.kind === "add_comment" && write.originId,
      ),
    ).toEqual(["1", "2", "3"]);
    const mirror = commentBy("sync", "91", mirrorBody("ada", "hello"));
    expect(
      writes({
        local: local({}, { comments: [hello] }),
        remote: remote({}, { comments: [mirror] }),
        known: [known],
      }),
    ).toEqual([]);
  });

  test("a mirror that nobody recorded is known by its marker, not written again", () => {
    const mirror = commentBy("sync", "91", mirrorBody("ada", "hello"));
    const planned = plan(
      pairInput({
        local: local({}, { comments: [hello] }),
        remote: remote({}, { comments: [mirror] }),
        markers: { local: new Map(), remote: new Map([["91", "node.1.1.local.1"]]) },
      }),
    );
    expect(planned.plan.writes).toEqual([]);
    expect(planned.learned).toEqual([known]);
  });

  test("an edited original edits its mirror; an edited mirror does not travel and is noted", () => {
    const mirror = commentBy("sync", "91", mirrorBody("ada", "hello"));
    const edited = {
      local: local({}, { comments: [{ ...hello, body: "hello!" }] }),
      remote: remote({}, { comments: [mirror] }),
      known: [known],
    };
    expect(writes(edited)).toMatchObject([
      { kind: "update_comment", side: "remote", mirrorId: "91", before: "hello", body: "hello!" },
    ]);
    const meddled = plan(
      pairInput({
        local: local({}, { comments: [hello] }),
        remote: remote({}, { comments: [{ ...mirror, body: mirrorBody("ada", "bye") }] }),
        known: [known],
      }),
    );
    expect(isInStep(meddled)).toBe(true);
    expect(meddled.plan.notes[0]?.text).toContain("do not travel");
  });

  test("restricted comments are never sent, and old ones of a linked pair are known, not sent", () => {
    expect(
      writes({ local: local({}, { comments: [{ ...hello, restrictedTo: "role:Developers" }] }) }),
    ).toEqual([]);
    const first = plan(
      pairInput({ local: local({}, { comments: [hello] }), base: { local: null, remote: null } }),
    );
    expect(first.plan.writes).toEqual([]);
    expect(first.learned).toEqual([{ ...known, mirrorId: null }]);
  });
});

describe("properties", () => {
  const fields = (status: string[], priority: string[]) =>
    fc.record({
      summary: fc.constantFrom("a", "b", "c"),
      description: fc.constantFrom(null, "x", "y\r\nz"),
      status: fc.constantFrom(...status),
      priority: fc.constantFrom(...priority),
      labels: fc.uniqueArray(fc.constantFrom("p", "q", "r")),
    });
  const localFields = fields(["Open", "In Progress", "In Review", "Done"], ["High", "Low"]);
  const remoteFields = fields(["New", "Working", "Closed"], ["P1", "P3"]);
  const agreed = fc.tuple(localFields, fc.constant(null)).map(([mine]) => ({
    local: mine as Fields,
    remote: {
      ...mine,
      status: { Open: "New", "In Progress": "Working", "In Review": "Working", Done: "Closed" }[
        mine.status
      ],
      priority: mine.priority === "High" ? "P1" : "P3",
    } as Fields,
  }));

  function applied(side: "local" | "remote", now: Fields, planned: Write[]): Fields {
    const result = { ...now };
    for (const write of planned) {
      if (write.side !== side) continue;
      if (write.kind === "update_issue")
        for (const change of write.changes) result[change.field] = change.to;
      if (write.kind === "transition") result.status = write.to;
    }
    return result;
  }

  test("a second round writes nothing, whatever both sides did", () => {
    fc.assert(
      fc.property(
        agreed,
        localFields,
        remoteFields,
        fc.constantFrom("local" as const, "remote" as const),
        (base, mine, theirs, policy) => {
          const first = writes({ local: local(mine), remote: remote(theirs), base, policy });
          const now = {
            local: applied("local", mine, first),
            remote: applied("remote", theirs, first),
          };
          // Once with the base that the writes left, once as after a crash that recorded nothing.
          expect(
            writes({ local: local(now.local), remote: remote(now.remote), base: now, policy }),
          ).toEqual([]);
          expect(
            writes({ local: local(now.local), remote: remote(now.remote), base, policy }),
          ).toEqual([]);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("an untouched side never overwrites the other", () => {
    fc.assert(
      fc.property(agreed, localFields, (base, mine) => {
        const planned = writes({ local: local(mine), remote: remote(base.remote), base });
        expect(planned.every((write) => write.side === "remote")).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
