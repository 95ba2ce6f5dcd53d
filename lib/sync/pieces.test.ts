import { describe, expect, test } from "vitest";
import { mirrorBody } from "@/lib/sync/comments";
import { mappingSchema } from "@/lib/sync/mapping-schema";
import type { KnownPiece } from "@/lib/sync/pieces";
import { type PlanInput, plan } from "@/lib/sync/plan";
import type {
  AttachmentReading,
  IssueReading,
  LinkReading,
  WorklogReading,
} from "@/lib/sync/replica";
import { LOCAL, pairInput, REMOTE, reading } from "@/lib/testing/readings";

const mapping = mappingSchema.parse({
  version: 2,
  attachments: "both",
  worklogs: "both",
  links: "both",
  subtasks: "both",
  largestAttachment: 5_000,
});

function input(
  local: Partial<IssueReading>,
  remote: Partial<IssueReading>,
  more: Partial<PlanInput> = {},
) {
  return pairInput({
    local: reading(LOCAL, { id: "10", key: "PROD-1", ...local }),
    remote: reading(REMOTE, { id: "20", key: "ACME-1", ...remote }),
    mapping,
    ...more,
  });
}

const attachment = (
  id: string,
  name: string,
  authorKey = "ada",
  size = 100,
): AttachmentReading => ({
  id,
  name,
  size,
  mimeType: "text/plain",
  authorKey,
  authorName: authorKey,
});
const worklog = (id: string, more: Partial<WorklogReading> = {}): WorklogReading => ({
  id,
  authorKey: "ada",
  authorName: "ada",
  startedAt: "2026-11-25T09:00:00.000Z",
  seconds: 3_600,
  comment: "Looked at it",
  restrictedTo: null,
  ...more,
});
const known = (more: Partial<KnownPiece>): KnownPiece => ({
  kind: "attachment",
  side: "local",
  id: "1",
  mirrorId: "91",
  sent: "",
  ...more,
});

describe("attachments", () => {
  test("travel once, in the order they were made; a mirror never travels back", () => {
    const local = { attachments: [attachment("1", "a.txt"), attachment("2", "b.txt")] };
    const first = plan(input(local, { attachments: [] }));
    expect(first.plan.writes).toMatchObject([
      { kind: "add_attachment", side: "remote", originId: "1", name: "a.txt" },
      { kind: "add_attachment", side: "remote", originId: "2", name: "b.txt" },
    ]);
    const remote = {
      attachments: [attachment("91", "a.txt", "exalate"), attachment("92", "b.txt", "exalate")],
    };
    const both = [known({}), known({ id: "2", mirrorId: "92" })];
    expect(plan(input(local, remote, { knownPieces: both })).plan.writes).toEqual([]);
  });

  test("whose upload nobody recorded are known by name, size and author, then by content", () => {
    const local = { attachments: [attachment("1", "a.txt")] };
    const remote = { attachments: [attachment("91", "a.txt", "exalate")] };
    const unsure = plan(input(local, remote));
    expect(unsure.needsContents?.map(({ side, id }) => `${side} ${id}`).sort()).toEqual([
      "local 1",
      "remote 91",
    ]);
    const contents = (there: string) =>
      new Map([
        ["local 1", "aa"],
        ["remote 91", there],
      ]);
    const same = plan(input(local, remote, { contents: contents("aa") }));
    expect(same.plan.writes).toEqual([]);
    expect(same.learnedPieces).toMatchObject([{ side: "local", id: "1", mirrorId: "91" }]);
    const other = plan(input(local, remote, { contents: contents("bb") }));
    expect(other.plan.writes).toMatchObject([{ kind: "add_attachment", originId: "1" }]);
  });

  test("of the same name by somebody else are other files", () => {
    const local = { attachments: [attachment("1", "a.txt")] };
    const remote = { attachments: [attachment("91", "a.txt", "bob")] };
    expect(plan(input(local, remote)).plan.writes).toMatchObject([
      { side: "remote", originId: "1" },
      { side: "local", originId: "91" },
    ]);
  });

  test("that are larger than the mapping allows stay at home, and the plan says so", () => {
    const { plan: planned } = plan(
      input({ attachments: [attachment("1", "film.mp4", "ada", 5_001)] }, { attachments: [] }),
    );
    expect(planned.writes).toEqual([]);
    expect(planned.notes[0]?.text).toContain("film.mp4 has 0.0 MB, more than");
  });

  test("that were there when the pair was connected are known, not sent; one that cannot be read is not gone", () => {
    const base = { local: null, remote: null };
    const local = { attachments: [attachment("1", "a.txt")] };
    const first = plan(input(local, { attachments: [] }, { base, firstMeeting: "local" }));
    expect(first.plan.writes.filter(({ kind }) => kind === "add_attachment")).toEqual([]);
    expect(first.learnedPieces).toMatchObject([{ id: "1", mirrorId: null }]);
    expect(plan(input(local, {})).plan.writes).toEqual([]);
  });

  test("that were deleted on one side are neither deleted nor written again on the other", () => {
    const mirrored = [known({})];
    const gone = plan(
      input(
        { attachments: [] },
        { attachments: [attachment("91", "a.txt", "exalate")] },
        { knownPieces: mirrored },
      ),
    );
    expect(gone.plan.writes).toEqual([]);
    const mirrorGone = plan(
      input(
        { attachments: [attachment("1", "a.txt")] },
        { attachments: [] },
        { knownPieces: mirrored },
      ),
    );
    expect(mirrorGone.plan.writes).toEqual([]);
  });
});

describe("worklogs", () => {
  const mirror = worklog("91", {
    authorKey: "exalate",
    comment: mirrorBody("ada", "Looked at it"),
  });

  test("travel with their author's name, and one that nobody recorded is known by what it says", () => {
    const local = { worklogs: [worklog("1")] };
    const [write] = plan(input(local, { worklogs: [] })).plan.writes;
    expect(write).toMatchObject({ kind: "add_worklog", seconds: 3_600, comment: mirror.comment });
    const found = plan(input(local, { worklogs: [mirror] }));
    expect(found.plan.writes).toEqual([]);
    expect(found.learnedPieces).toMatchObject([{ kind: "worklog", id: "1", mirrorId: "91" }]);
  });

  test("that are edited are edited at their mirror; those for a role stay at home", () => {
    const [learned] = plan(
      input({ worklogs: [worklog("1")] }, { worklogs: [mirror] }),
    ).learnedPieces;
    if (!learned) throw new Error("nothing was learnt");
    const edited = {
      worklogs: [worklog("1", { seconds: 7_200 }), worklog("2", { restrictedTo: "role:Staff" })],
    };
    expect(
      plan(input(edited, { worklogs: [mirror] }, { knownPieces: [learned] })).plan.writes,
    ).toMatchObject([
      { kind: "update_worklog", mirrorId: "91", seconds: 7_200, before: { seconds: 3_600 } },
    ]);
  });
});

describe("links", () => {
  const link = (id: string, toId: string, type = "Blocks"): LinkReading => ({
    id,
    type,
    toId,
    toKey: `X-${toId}`,
  });
  const twins = {
    local: new Map([["11", { id: "21", key: "ACME-2" }]]),
    remote: new Map([["21", { id: "11", key: "PROD-2" }]]),
  };

  test("travel between issues that are both under sync, and no others", () => {
    const local = { links: [link("1", "11"), link("2", "99")] };
    expect(plan(input(local, { links: [] }, { twins })).plan.writes).toEqual([
      expect.objectContaining({ kind: "add_link", side: "remote", originId: "1", toId: "21" }),
    ]);
  });

  test("that are there already are the same, whoever made them", () => {
    const same = plan(
      input({ links: [link("1", "11")] }, { links: [link("91", "21")] }, { twins }),
    );
    expect(same.plan.writes).toEqual([]);
    expect(same.learnedPieces).toMatchObject([{ kind: "link" }]);
  });

  test("have the other side's name for their type", () => {
    const linkTypes = { toRemote: { Blocks: "precedes" }, toLocal: { precedes: "Blocks" } };
    const named = { ...mapping, linkTypes };
    const local = { links: [link("1", "11")] };
    expect(plan(input(local, { links: [] }, { twins, mapping: named })).plan.writes).toMatchObject([
      { type: "precedes" },
    ]);
    const remote = { links: [link("91", "21", "precedes")] };
    expect(plan(input(local, remote, { twins, mapping: named })).plan.writes).toEqual([]);
  });
});

describe("a part of an issue", () => {
  const parent = { id: "11", key: "PROD-2" };

  test("is made a part of its parent's twin", () => {
    const twins = { local: new Map([["11", { id: "21", key: "ACME-2" }]]), remote: new Map() };
    expect(plan({ ...input({ parent }, {}), remote: null, twins }).plan.writes[0]).toMatchObject({
      kind: "create_issue",
      parent: { id: "21" },
    });
  });

  describe("where only some types can be parts", () => {
    const twins = { local: new Map([["11", { id: "21", key: "ACME-2" }]]), remote: new Map() };
    const part = (types: string[], why: string | null = null) =>
      plan({ ...input({ parent }, {}), remote: null, twins, partTypes: { types, why } }).plan;

    test("gets the only one, and the plan says so", () => {
      const { writes, notes } = part(["Sub-task"]);
      expect(writes[0]).toMatchObject({ parent: { id: "21" }, values: { type: "Sub-task" } });
      expect(notes[0]?.text).toBe(
        'PROD-1 is a part of PROD-2: it becomes a "Sub-task" of ACME-2, since no other type can be a part there',
      );
    });

    test.for([
      [["Sub-task", "Check"], null, 'the mapped type is none of "Sub-task", "Check"'],
      [[], "ACME-2 is a sub-task itself", "ACME-2 is a sub-task itself"],
    ] as const)(
      "becomes an issue of its own where it can be none, and the plan says why",
      ([types, why, said]) => {
        const { writes, notes } = part([...types], why);
        expect(writes[0]).toMatchObject({ kind: "create_issue" });
        expect(writes[0]).not.toHaveProperty("parent");
        expect(notes[0]?.text).toContain(
          `PROD-1 is a part of PROD-2, and cannot be one of ACME-2: ${said}.`,
        );
      },
    );
  });

  test("whose parent is not under sync becomes an issue of its own, and the plan says so", () => {
    const { plan: planned } = plan({ ...input({ parent }, {}), remote: null });
    expect(planned.writes[0]).not.toHaveProperty("parent");
    expect(planned.notes[0]?.text).toContain("PROD-1 is a part of PROD-2");
  });
});
