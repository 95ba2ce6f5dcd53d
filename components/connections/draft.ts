import type { ConnectionPage, SidePage } from "@/lib/connections/connection-page";
import type { Mapping } from "@/lib/sync/mapping-schema";
import { FIRST_MEETINGS, type FirstMeeting, POLICIES, type Policy } from "@/lib/sync/policies";

export type SideDraft = {
  instance: number | null;
  project: string;
  issueType: string;
  trigger: string;
};

/** What has been chosen so far. Access tokens are never part of it. */
export type Draft = {
  local: SideDraft;
  remote: SideDraft;
  mapping: Mapping | null;
  policy: Policy;
  firstMeeting: FirstMeeting;
  name: string;
};

const EMPTY_SIDE: SideDraft = { instance: null, project: "", issueType: "", trigger: "" };
export const EMPTY_DRAFT: Draft = {
  local: EMPTY_SIDE,
  remote: EMPTY_SIDE,
  mapping: null,
  policy: "hold",
  firstMeeting: "hold",
  name: "",
};

/** A draft as it was kept; an empty one for what is not of its shape (a newer version, another page's). */
export function parseDraft(text: string | null): Draft {
  if (!text) return EMPTY_DRAFT;
  try {
    const kept: unknown = JSON.parse(text);
    return isDraft(kept) ? kept : EMPTY_DRAFT;
  } catch {
    return EMPTY_DRAFT;
  }
}

/** What is sent on is parsed there, member by member: here only what would stop the page. */
function isDraft(kept: unknown): kept is Draft {
  if (!isObject(kept)) return false;
  const { local, remote, mapping, policy, firstMeeting, name } = kept;
  return (
    isSide(local) &&
    isSide(remote) &&
    (mapping === null || isMapping(mapping)) &&
    POLICIES.some((known) => known === policy) &&
    FIRST_MEETINGS.some((known) => known === firstMeeting) &&
    typeof name === "string"
  );
}

function isSide(kept: unknown): boolean {
  return (
    isObject(kept) &&
    (kept.instance === null || typeof kept.instance === "number") &&
    [kept.project, kept.issueType, kept.trigger].every(isText)
  );
}

function isMapping(kept: unknown): boolean {
  if (!isObject(kept)) return false;
  const { version, fields, constants, people } = kept;
  return (
    version === 2 &&
    Array.isArray(fields) &&
    fields.every((row) => isObject(row) && [row.local, row.remote, row.kind].every(isText)) &&
    Array.isArray(constants) &&
    isObject(people)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

/** A draft that begins as a duplicate of a connection: everything but its name. */
export function likeConnection({
  local,
  remote,
  mapping,
  policy,
  firstMeeting,
}: ConnectionPage): Draft {
  const sideOf = ({ instance, project, issueType, trigger }: SidePage): SideDraft => ({
    instance: instance.id,
    project,
    issueType,
    trigger: trigger ?? "",
  });
  return {
    ...EMPTY_DRAFT,
    local: sideOf(local),
    remote: sideOf(remote),
    mapping,
    policy,
    firstMeeting,
  };
}

/** A name for an instance, from what it calls itself or else its address. */
export function nameFor(title: string | null, baseUrl: string, taken: readonly string[]): string {
  const host = URL.parse(baseUrl)?.host ?? baseUrl;
  const wanted = (title || host).slice(0, 70);
  if (!taken.includes(wanted)) return wanted;
  for (let number = 2; ; number++)
    if (!taken.includes(`${wanted} ${number}`)) return `${wanted} ${number}`;
}
