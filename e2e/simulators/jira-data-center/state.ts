import { adminUser, DEFAULT_LINK_TYPES } from "@/e2e/simulators/jira-data-center/defaults";
import { passingFolder } from "@/e2e/simulators/jira-data-center/files";
import { serverIdFrom } from "@/e2e/simulators/jira-data-center/identity";
import {
  PERSONALITIES,
  type Personality,
  USUAL_VERSION,
} from "@/e2e/simulators/jira-data-center/personality";
import type {
  ChangeGroup,
  Comment,
  Issue,
  IssueLink,
  LinkType,
  Project,
  User,
  Webhook,
  Worklog,
} from "@/e2e/simulators/jira-data-center/records";

/** What happened to an issue, as the webhooks need to know it. */
export type Happening =
  | { event: "issue_created"; issue: Issue; by: User; at: number }
  | {
      event: "issue_updated";
      issue: Issue;
      by: User;
      at: number;
      type: string;
      change: ChangeGroup;
    }
  | { event: "issue_deleted"; issue: Issue; by: User; at: number }
  | {
      event: "comment_created" | "comment_updated" | "comment_deleted";
      issue: Issue;
      by: User;
      at: number;
      comment: Comment;
    }
  | {
      event: "worklog_created" | "worklog_updated" | "worklog_deleted";
      issue: Issue;
      by: User;
      at: number;
      worklog: Worklog;
      change: ChangeGroup;
    }
  | {
      /** `issue` is where the link begins. */
      event: "issuelink_created" | "issuelink_deleted";
      issue: Issue;
      by: User;
      at: number;
      link: IssueLink;
    };

export type IdKind =
  | "user"
  | "project"
  | "issue"
  | "comment"
  | "change"
  | "webhook"
  | "other"
  | "worklog"
  | "attachment"
  | "link"
  | "remoteLink";

/** What search saw of an issue until a moment; `null` when there was no such issue yet. */
type FormerIssue = { until: number; issue: Issue | null };

/**
 * The whole Jira in memory. `issueIdByKey` also holds the keys that moved issues had before.
 * `name` is the simulator's, `title` what Jira calls itself; a clone has a name of its own and the original's title.
 * `address` is where it listens, `baseUrl` where it says it is.
 * `changed` is called after every change, `happened` when somebody did something to an issue.
 */
export type JiraState = {
  name: string;
  title: string;
  serverId: string;
  serverTimeZone: string;
  personality: Personality;
  address: string;
  baseUrl: string;
  users: Map<string, User>;
  projects: Map<string, Project>;
  issues: Map<string, Issue>;
  webhooks: Map<number, Webhook>;
  issueIdByKey: Map<string, string>;
  issueIdByComment: Map<string, string>;
  links: Map<string, IssueLink>;
  linkTypes: LinkType[];
  /** What the feed of deleted worklogs tells. */
  deletedWorklogs: { id: string; at: number }[];
  attachmentLimit: number;
  /** Where the contents of attachments lie. */
  filesFolder: string;
  /** By session cookie. Like the next, it lasts as long as the process. */
  sessions: Map<string, string>;
  failedLogins: Map<string, number>;
  formerIssues: Map<string, FormerIssue[]>;
  indexLagMs: number;
  lastId: Record<IdKind, number>;
  now: () => number;
  changed: () => void;
  happened: (happening: Happening) => void;
};

export function emptyState(name: string, serverTimeZone: string, now = Date.now): JiraState {
  const admin = adminUser();
  return {
    name,
    title: name,
    serverId: serverIdFrom(name),
    serverTimeZone,
    personality: PERSONALITIES[USUAL_VERSION],
    address: "",
    baseUrl: "",
    users: new Map([[admin.key, admin]]),
    projects: new Map(),
    issues: new Map(),
    webhooks: new Map(),
    issueIdByKey: new Map(),
    issueIdByComment: new Map(),
    links: new Map(),
    linkTypes: DEFAULT_LINK_TYPES,
    deletedWorklogs: [],
    attachmentLimit: 10 * 1024 * 1024,
    filesFolder: passingFolder(),
    sessions: new Map(),
    failedLogins: new Map(),
    formerIssues: new Map(),
    indexLagMs: 0,
    lastId: emptyLastIds(),
    now,
    changed: () => undefined,
    happened: () => undefined,
  };
}

/** Where ids begin. */
export function emptyLastIds(): JiraState["lastId"] {
  return {
    user: 10_099,
    project: 9_999,
    issue: 9_999,
    comment: 9_999,
    change: 10_099,
    webhook: 0,
    other: 10_100,
    worklog: 9_999,
    attachment: 9_999,
    link: 9_999,
    remoteLink: 9_999,
  };
}

/** Ids only ever grow, so a smaller one than yesterday's means a restored copy. */
export function nextId(state: JiraState, kind: IdKind): string {
  state.lastId[kind] += 1;
  return String(state.lastId[kind]);
}

export function putIssue(state: JiraState, issue: Issue): Issue {
  remember(state, issue.id);
  state.issues.set(issue.id, issue);
  state.issueIdByKey.set(issue.key, issue.id);
  state.changed();
  return issue;
}

/** Its former keys stop working as well. */
export function removeIssue(state: JiraState, issue: Issue): void {
  remember(state, issue.id);
  state.issues.delete(issue.id);
  for (const [key, id] of state.issueIdByKey) if (id === issue.id) state.issueIdByKey.delete(key);
  for (const { id } of issue.comments) state.issueIdByComment.delete(id);
  for (const link of linksOf(state, issue)) state.links.delete(link.id);
  state.changed();
}

export function linksOf(state: JiraState, { id }: Issue): IssueLink[] {
  return [...state.links.values()].filter(
    ({ sourceId, destinationId }) => sourceId === id || destinationId === id,
  );
}

export function subtasksOf(state: JiraState, { id }: Issue): Issue[] {
  return [...state.issues.values()].filter(({ parentId }) => parentId === id);
}

/** By id, key or a former key. */
export function findIssue(state: JiraState, idOrKey: string): Issue | undefined {
  const id = state.issueIdByKey.get(idOrKey.toUpperCase()) ?? idOrKey;
  return state.issues.get(id);
}

export function findProject(state: JiraState, idOrKey: string): Project | undefined {
  const byId = state.projects.get(idOrKey);
  if (byId) return byId;
  return [...state.projects.values()].find(({ key }) => key === idOrKey.toUpperCase());
}

export function findUser(state: JiraState, name: string): User | undefined {
  return [...state.users.values()].find((user) => user.name.toLowerCase() === name.toLowerCase());
}

/** One who may see everything: Jira's own eyes. */
export function adminOf(state: JiraState): User {
  const admin = [...state.users.values()].find((user) => user.admin);
  if (!admin) throw new Error("the simulator has no administrator");
  return admin;
}

export function userByKey(state: JiraState, key: string): User {
  const user = state.users.get(key);
  if (!user) throw new Error(`the simulator lost user ${key}`);
  return user;
}

export function projectOf(state: JiraState, issue: Issue): Project {
  const project = state.projects.get(issue.projectId);
  if (!project) throw new Error(`the simulator lost the project of ${issue.key}`);
  return project;
}

/** Anonymous visitors see no project at all. */
export function canSee(user: User | null, project: Project): boolean {
  if (!user) return false;
  return user.admin || !project.visibleTo || project.visibleTo.includes(user.name);
}

/** An issue with a security level exists for that level's members only. */
export function canSeeIssue(state: JiraState, user: User | null, issue: Issue): boolean {
  const project = projectOf(state, issue);
  if (!user || !canSee(user, project)) return false;
  if (issue.securityId === null || user.admin) return true;
  const level = project.securityLevels.find(({ id }) => id === issue.securityId);
  return level?.members.includes(user.name) ?? false;
}

/** For what Jira leaves to administrators and to those of the project, who must be named for it. */
export function isNamedAdministrator(user: User, project: Project): boolean {
  return user.admin || (project.administeredBy?.includes(user.name) ?? false);
}

/** Restricted comments are for their author, for holders of the role or group, and for administrators. */
export function canRead(
  user: User,
  { visibility, authorKey }: Pick<Comment, "visibility" | "authorKey">,
): boolean {
  return (
    !visibility || user.admin || user.key === authorKey || user.roles.includes(visibility.value)
  );
}

/**
 * The issues as a search index knows them: late by `lagMs`, which is at most `state.indexLagMs`, the longest that
 * any node is late by.
 */
export function* indexedIssues(state: JiraState, lagMs = state.indexLagMs): Generator<Issue> {
  const asOf = state.now() - lagMs;
  const longestAsOf = state.now() - state.indexLagMs;
  const seenLate = new Set<string>();
  for (const [id, former] of state.formerIssues) {
    const version = former.find(({ until }) => until > asOf);
    if (!version) {
      if (former.every(({ until }) => until <= longestAsOf)) state.formerIssues.delete(id);
      continue;
    }
    seenLate.add(id);
    if (version.issue) yield version.issue;
  }
  for (const issue of state.issues.values()) if (!seenLate.has(issue.id)) yield issue;
}

function remember(state: JiraState, id: string): void {
  if (state.indexLagMs === 0) return;
  const former = state.formerIssues.get(id) ?? [];
  former.push({ until: state.now(), issue: state.issues.get(id) ?? null });
  state.formerIssues.set(id, former);
}
