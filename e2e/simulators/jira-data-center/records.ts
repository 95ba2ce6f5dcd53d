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
  fieldtype: "jira";
  from: string | null;
  fromString: string | null;
  to: string | null;
  toString: string | null;
};

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
  createdAt: number;
  updatedAt: number;
};
