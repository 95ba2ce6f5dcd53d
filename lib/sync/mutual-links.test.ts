import { describe, expect, test } from "vitest";
import { mappingSchema } from "@/lib/sync/mapping-schema";
import { type PiecesPlanInput, planPieces } from "@/lib/sync/plan-pieces";
import type { IssueReading, LinkReading } from "@/lib/sync/replica";

/** Issue "1" of the local side is "11" of the remote one, "2" is "12". */
const TWINS = {
  local: new Map([
    ["1", { id: "11", key: "#11" }],
    ["2", { id: "12", key: "#12" }],
  ]),
  remote: new Map([
    ["11", { id: "1", key: "PROD-1" }],
    ["12", { id: "2", key: "PROD-2" }],
  ]),
};
const at = (links: LinkReading[]) => ({ links }) as IssueReading;
const to = (toId: string, id: string, more: Partial<LinkReading> = {}): LinkReading => ({
  ...{ id, type: "Relates", toId, toKey: toId },
  ...more,
});

function planned(local: LinkReading[], remote: LinkReading[]) {
  const input: PiecesPlanInput = {
    local: at(local),
    remote: at(remote),
    mapping: mappingSchema.parse({ version: 2, links: "both" }),
    terms: {
      markup: { local: "jira-wiki", remote: "textile" },
      people: { local: new Map(), remote: new Map() },
    },
    knownPieces: [],
    ours: { local: "", remote: "" },
    twins: TWINS,
    awaited: { local: new Set(), remote: new Set() },
    contents: null,
  };
  const { writes, learned } = planPieces(input, false);
  return { writes: writes.map(({ kind, side }) => `${kind} ${side}`), learned: learned.length };
}

describe("a link that means the same from both ends, where an instance keeps no direction", () => {
  const mutual = { isMutual: true } as const;
  const otherEnd = { isOtherEnd: true } as const;

  test("is in step although it was turned round there, at both of its issues", () => {
    expect(planned([to("2", "l")], [to("12", "r", { ...mutual, ...otherEnd })])).toEqual({
      writes: [],
      learned: 1,
    });
    expect(planned([to("1", "l", otherEnd)], [to("11", "r", mutual)])).toEqual({
      writes: [],
      learned: 1,
    });
  });

  test("is sent once, from the issue that it belongs to", () => {
    expect(planned([], [to("12", "r", mutual)]).writes).toEqual(["add_link local"]);
    expect(planned([], [to("11", "r", { ...mutual, ...otherEnd })]).writes).toEqual([]);
    expect(planned([to("2", "l")], []).writes).toEqual(["add_link remote"]);
    expect(planned([to("1", "l", otherEnd)], []).writes).toEqual([]);
  });

  test("leaves two links in opposite directions two where both instances keep the direction", () => {
    expect(planned([to("2", "l")], [to("12", "r", otherEnd)]).writes).toEqual(["add_link remote"]);
  });

  test("that leads both ways here is the one there, and nothing is sent for ever", () => {
    const both = [to("2", "back", otherEnd), to("2", "l")];
    expect(planned(both, [to("12", "r", mutual)])).toEqual({ writes: [], learned: 1 });
  });
});
