import { RESOLUTIONS } from "@/e2e/simulators/jira-data-center/defaults";
import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type { Operator } from "@/e2e/simulators/jira-data-center/jql-syntax";
import type { Issue, User } from "@/e2e/simulators/jira-data-center/records";
import {
  canSee,
  canSeeIssue,
  findIssue,
  findProject,
  findUser,
  type JiraState,
  projectOf,
  userByKey,
} from "@/e2e/simulators/jira-data-center/state";

/** `resolve` gives the stored value that an operand means, or `null` when there is none. */
export type JqlField = {
  kind: "value" | "user" | "text" | "date";
  operators: Operator[];
  values: (issue: Issue, state: JiraState) => (string | number)[];
  resolve?: (text: string, state: JiraState, user: User | null) => string | null;
  absent: (field: string, text: string) => string;
  rank?: (issue: Issue, state: JiraState) => number | string;
};

/** The field that a query names, in any case; naming another one is a 400. */
export function jqlField(name: string): JqlField {
  const field = FIELDS[name.toLowerCase()];
  if (field) return field;
  throw refusal(400, `Field '${name}' does not exist or you do not have permission to view it.`);
}

export function compareBy(field: JqlField, state: JiraState, descending: boolean) {
  const rank = (issue: Issue) => field.rank?.(issue, state) ?? field.values(issue, state).join(" ");
  return (one: Issue, other: Issue): number => {
    const [left, right] = [rank(one), rank(other)];
    const difference =
      typeof left === "number" && typeof right === "number"
        ? left - right
        : String(left).localeCompare(String(right));
    return descending ? -difference : difference;
  };
}

const IS: Operator[] = ["=", "!=", "in", "not in", "is", "is not"];
const CONTAINS: Operator[] = ["~", "!~", "is", "is not"];
const COMPARES: Operator[] = ["=", "!=", ">=", ">", "<=", "<", "is", "is not"];

const noValue = (field: string, text: string) =>
  `The value '${text}' does not exist for the field '${field}'.`;
const noIssue = (field: string, text: string) =>
  /^\d+$/.test(text)
    ? `A value with ID '${text}' does not exist for the field '${field}'.`
    : `An issue with key '${text}' does not exist for field '${field}'.`;

const issueField: JqlField = {
  kind: "value",
  operators: IS,
  values: ({ id }) => [id],
  resolve(text, state, user) {
    const issue = findIssue(state, text);
    return issue && canSeeIssue(state, user, issue) ? issue.id : null;
  },
  absent: noIssue,
  // Keys sort by project and number, so that ABC-10 comes after ABC-9.
  rank: ({ key }) => key.replace(/\d+$/, (digits) => digits.padStart(10, "0")),
};

const userField = (keyOf: (issue: Issue) => string | null): JqlField => ({
  kind: "user",
  operators: IS,
  values: (issue, state) => {
    const key = keyOf(issue);
    return key ? [userByKey(state, key).name] : [];
  },
  resolve: (text, state) => (findUser(state, text) ?? state.users.get(text))?.name ?? null,
  absent: noValue,
});

const dateField = (at: (issue: Issue) => number): JqlField => ({
  kind: "date",
  operators: COMPARES,
  values: (issue) => [at(issue)],
  absent: noValue,
  rank: at,
});

const textField = (texts: (issue: Issue) => (string | null)[]): JqlField => ({
  kind: "text",
  operators: CONTAINS,
  values: (issue) => texts(issue).filter((text) => text !== null),
  absent: noValue,
});

type Named = { id: string; name: string };

/** A set of things that each project has its own of. */
const setField = (
  list: "components" | "versions",
  idsOf: (issue: Issue) => string[],
): JqlField => ({
  kind: "value",
  operators: IS,
  values: (issue, state) =>
    projectOf(state, issue)
      [list].filter(({ id }) => idsOf(issue).includes(id))
      .map(({ name }) => name),
  resolve(text, state) {
    const known = [...state.projects.values()].flatMap((project): Named[] => project[list]);
    return known.find(({ id, name }) => id === text || name === text)?.name ?? null;
  },
  absent: noValue,
});

/** A field whose values are listed per project, found by name or id. */
const listField = (
  list: "statuses" | "priorities" | "issueTypes",
  idOf: (issue: Issue) => string,
): JqlField => ({
  kind: "value",
  operators: IS,
  values: (issue) => [idOf(issue)],
  resolve(text, state) {
    const known = [...state.projects.values()].flatMap((project): Named[] => project[list]);
    const wanted = text.toLowerCase();
    return known.find(({ id, name }) => id === text || name.toLowerCase() === wanted)?.id ?? null;
  },
  absent: noValue,
  rank: (issue, state) => projectOf(state, issue)[list].findIndex(({ id }) => id === idOf(issue)),
});

const FIELDS: Record<string, JqlField> = {
  project: {
    kind: "value",
    operators: IS,
    values: ({ projectId }) => [projectId],
    resolve(text, state, user) {
      const project =
        findProject(state, text) ??
        [...state.projects.values()].find(({ name }) => name.toLowerCase() === text.toLowerCase());
      return project && canSee(user, project) ? project.id : null;
    },
    absent: noValue,
    rank: (issue, state) => projectOf(state, issue).name,
  },
  key: issueField,
  issue: issueField,
  issuekey: issueField,
  id: { ...issueField, rank: ({ id }) => Number(id) },
  status: listField("statuses", ({ statusId }) => statusId),
  priority: {
    ...listField("priorities", ({ priorityId }) => priorityId),
    // DESC shows the most urgent first, although it stands first in the list.
    rank: (issue, state) =>
      -projectOf(state, issue).priorities.findIndex(({ id }) => id === issue.priorityId),
  },
  issuetype: listField("issueTypes", ({ issueTypeId }) => issueTypeId),
  type: listField("issueTypes", ({ issueTypeId }) => issueTypeId),
  component: setField("components", ({ componentIds }) => componentIds),
  fixversion: setField("versions", ({ fixVersionIds }) => fixVersionIds),
  affectedversion: setField("versions", ({ versionIds }) => versionIds),
  parent: {
    ...issueField,
    values: ({ parentId }) => (parentId === null ? [] : [parentId]),
  },
  resolution: {
    kind: "value",
    operators: IS,
    values: ({ resolutionId }) => [resolutionId ?? "unresolved"],
    resolve(text) {
      if (text.toLowerCase() === "unresolved") return "unresolved";
      return RESOLUTIONS.find(({ id, name }) => id === text || name === text)?.id ?? null;
    },
    absent: noValue,
  },
  labels: { kind: "value", operators: IS, values: ({ labels }) => labels, absent: noValue },
  summary: textField(({ summary }) => [summary]),
  description: textField(({ description }) => [description]),
  text: textField(({ summary, description, environment, comments }) => [
    [summary, description ?? "", environment ?? "", ...comments.map(({ body }) => body)].join("\n"),
  ]),
  reporter: userField(({ reporterKey }) => reporterKey),
  creator: userField(({ creatorKey }) => creatorKey),
  assignee: userField(({ assigneeKey }) => assigneeKey),
  created: dateField(({ createdAt }) => createdAt),
  updated: dateField(({ updatedAt }) => updatedAt),
};
