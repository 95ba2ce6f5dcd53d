import { mappingSchema } from "@/lib/sync/mapping-schema";
import type { PlanInput } from "@/lib/sync/plan";
import type { CommentReading, Fields, IssueReading } from "@/lib/sync/replica";
import type { Terms } from "@/lib/sync/translate";

/** Statuses and priorities with different names on both sides; two of ours become one of theirs. */
const MAPPING = mappingSchema.parse({
  values: {
    status: {
      toRemote: { Open: "New", "In Progress": "Working", "In Review": "Working", Done: "Closed" },
      toLocal: { New: "Open", Working: "In Progress", Closed: "Done" },
    },
    priority: { toRemote: { High: "P1", Low: "P3" }, toLocal: { P1: "High", P3: "Low" } },
  },
});

/** Two Jiras whose people nobody looked for. */
const TERMS: Terms = {
  markup: { local: "jira-wiki", remote: "jira-wiki" },
  people: { local: new Map(), remote: new Map() },
};

export const LOCAL: Fields = {
  summary: "Login fails",
  description: "After the update",
  status: "Open",
  priority: "High",
  labels: ["login"],
};
export const REMOTE: Fields = { ...LOCAL, status: "New", priority: "P1" };

export function reading(fields: Fields, more: Partial<IssueReading> = {}): IssueReading {
  return {
    id: "1",
    key: "X-1",
    url: "http://x/browse/X-1",
    updatedAt: "2026-11-24T18:00:00.000Z",
    fields,
    people: [],
    comments: [],
    transitions: ["New", "Working", "Closed", "Open", "In Progress", "Done"].map((to) => ({
      id: to,
      name: `to ${to}`,
      to,
      fields: [],
    })),
    workflow: "X Task",
    restriction: null,
    marker: null,
    stamp: null,
    ...more,
  };
}

export function commentBy(authorName: string, id: string, body: string): CommentReading {
  return {
    id,
    authorKey: authorName,
    authorName,
    body,
    createdAt: `2026-11-24T18:00:${id.padStart(2, "0")}.000Z`,
    restrictedTo: null,
  };
}

/** A pair that is in step, but for what is given. */
export function pairInput(more: Partial<PlanInput> = {}): PlanInput {
  return {
    local: reading(LOCAL, { id: "10", key: "PROD-1" }),
    remote: reading(REMOTE, { id: "20", key: "ACME-1" }),
    base: { local: LOCAL, remote: REMOTE },
    unconfirmed: { local: {}, remote: {} },
    known: [],
    markers: { local: new Map(), remote: new Map() },
    marker: "node.1.1",
    mapping: MAPPING,
    terms: TERMS,
    policy: "hold",
    firstMeeting: "hold",
    choices: {},
    changedAt: null,
    knownPieces: [],
    ours: { local: "exalate", remote: "exalate" },
    twins: { local: new Map(), remote: new Map() },
    awaited: { local: new Set(), remote: new Set() },
    contents: null,
    steps: { local: [], remote: [] },
    lost: { local: {}, remote: {} },
    ...more,
  };
}
