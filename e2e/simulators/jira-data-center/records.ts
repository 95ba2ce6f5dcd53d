/** What the simulator keeps. Records are never changed in place: an edit puts a new one in the old one's stead. */

/** `key` stays for life, `name` is the login. `roles` decides which restricted comments the user sees. */
export type User = {
  key: string;
  name: string;
  displayName: string;
  emailAddress: string;
  timeZone: string;
  token: string | null;
  password: string | null;
  admin: boolean;
  active: boolean;
  roles: string[];
  properties: Properties;
};

type StatusCategory = "new" | "indeterminate" | "done";
export type Status = { id: string; name: string; category: StatusCategory };
export type Priority = { id: string; name: string };
export type IssueType = { id: string; name: string; subtask: boolean };

export type Component = { id: string; name: string };
export type Version = { id: string; name: string; released: boolean; releaseDate: string | null };
/** `members` are user names: nobody else finds an issue of this level, administrators aside. */
export type SecurityLevel = { id: string; name: string; members: string[] };

/** `id` is Jira's `customfield_N`; the same name has the same id in every project. */
export type CustomField = {
  id: string;
  name: string;
  kind: "text" | "textarea" | "number" | "date" | "select" | "multiselect" | "user";
  required: boolean;
  options: { id: string; value: string }[];
};
/** Text, a number, `yyyy-MM-dd`, an option's id, several of them, or a user's key. */
export type CustomValue = string | number | string[];

export type Resolution = { id: string; name: string };

/** A field that a transition's screen shows. */
export type ScreenField = { field: string; required: boolean };

/**
 * One arrow of the workflow, by status names. An empty `from` means from anywhere. Only a screen with it sets a
 * resolution; `clearsResolution` takes it away.
 */
export type Transition = {
  id: string;
  name: string;
  from: string[];
  to: string;
  screen?: ScreenField[] | undefined;
  clearsResolution?: boolean | undefined;
};

/**
 * `visibleTo` lists user names; `null` means every user who is logged in. `administeredBy` lists those who may write
 * the project's properties, administrators aside; `null` means everybody who sees it.
 */
export type Project = {
  id: string;
  key: string;
  name: string;
  leadKey: string;
  issueTypes: IssueType[];
  statuses: Status[];
  transitions: Transition[];
  priorities: Priority[];
  components: Component[];
  versions: Version[];
  securityLevels: SecurityLevel[];
  customFields: CustomField[];
  properties: Properties;
  visibleTo: string[] | null;
  administeredBy: string[] | null;
  lastNumber: number;
};

export type Properties = Record<string, unknown>;
export type Visibility = { type: "group" | "role"; value: string };

export type Comment = {
  id: string;
  authorKey: string;
  updateAuthorKey: string;
  body: string;
  createdAt: number;
  updatedAt: number;
  visibility: Visibility | null;
  properties: Properties;
};

export type ChangeItem = {
  field: string;
  fieldtype: "jira" | "custom";
  from: string | null;
  fromString: string | null;
  to: string | null;
  toString: string | null;
};

export type Worklog = {
  id: string;
  authorKey: string;
  updateAuthorKey: string;
  comment: string;
  startedAt: number;
  seconds: number;
  createdAt: number;
  updatedAt: number;
  visibility: Visibility | null;
};

/** Its content lies on disk, named by its `sha256`: see `files.ts`. */
export type Attachment = {
  id: string;
  filename: string;
  mimeType: string;
  size: number;
  authorKey: string;
  createdAt: number;
  sha256: string;
};

/** Something elsewhere that an issue points at; `globalId` names it for those who write it again. */
export type RemoteLink = {
  id: number;
  globalId: string | null;
  application: unknown;
  relationship: string | null;
  object: unknown;
};

export type LinkType = { id: string; name: string; inward: string; outward: string };
/** "source blocks destination". */
export type IssueLink = { id: string; typeId: string; sourceId: string; destinationId: string };

export type ChangeGroup = {
  id: string;
  authorKey: string;
  createdAt: number;
  items: ChangeItem[];
  historyMetadata?: unknown;
};

/** The part of an issue that a person may set. */
export type IssueValues = {
  summary: string;
  description: string | null;
  environment: string | null;
  dueDate: string | null;
  labels: string[];
  priorityId: string;
  resolutionId: string | null;
  issueTypeId: string;
  assigneeKey: string | null;
  reporterKey: string;
  componentIds: string[];
  fixVersionIds: string[];
  versionIds: string[];
  securityId: string | null;
  /** Set when a sub-task is created, and for good. */
  parentId: string | null;
  /** Only those that have a value. */
  custom: Record<string, CustomValue>;
};

export type Issue = IssueValues & {
  id: string;
  key: string;
  projectId: string;
  statusId: string;
  creatorKey: string;
  createdAt: number;
  updatedAt: number;
  comments: Comment[];
  worklogs: Worklog[];
  attachments: Attachment[];
  remoteLinks: RemoteLink[];
  watcherKeys: string[];
  changes: ChangeGroup[];
  properties: Properties;
};

/** `secret` signs the requests; it is never shown again once it is set. */
export type Webhook = {
  id: number;
  name: string;
  url: string;
  events: string[];
  active: boolean;
  secret: string | null;
  excludeBody: boolean;
  /** A JQL query, from before Jira 10. */
  filter: string | null;
  createdAt: number;
  updatedAt: number;
  /** How its requests ended: answered well, answered otherwise, not answered. Nobody counted before Jira 10. */
  counts?: { successes: number; failures: number; errors: number };
};
