import type {
  IssueType,
  LinkType,
  Priority,
  Resolution,
  Status,
  Transition,
  User,
} from "@/e2e/simulators/jira-data-center/records";

/** The one user that every simulator starts with. */
export function adminUser(): User {
  return {
    key: "JIRAUSER10000",
    name: "admin",
    displayName: "Administrator",
    emailAddress: "admin@example.com",
    timeZone: "UTC",
    token: "admin-token",
    password: "admin",
    admin: true,
    active: true,
    roles: ["Administrators"],
    properties: {},
  };
}

export const DEFAULT_ISSUE_TYPES: IssueType[] = [
  { id: "10001", name: "Task", subtask: false },
  { id: "10002", name: "Bug", subtask: false },
  { id: "10003", name: "Story", subtask: false },
];

export const DEFAULT_LINK_TYPES: LinkType[] = [
  { id: "10000", name: "Blocks", inward: "is blocked by", outward: "blocks" },
  { id: "10001", name: "Cloners", inward: "is cloned by", outward: "clones" },
  { id: "10002", name: "Duplicate", inward: "is duplicated by", outward: "duplicates" },
  { id: "10003", name: "Relates", inward: "relates to", outward: "relates to" },
];

/** What an issue has when nothing was said, and what older snapshots lack. */
export const EMPTY_PARTS = {
  resolutionId: null,
  componentIds: [],
  fixVersionIds: [],
  versionIds: [],
  securityId: null,
  parentId: null,
  custom: {},
  worklogs: [],
  attachments: [],
  remoteLinks: [],
  watcherKeys: [],
};

export const RESOLUTIONS: Resolution[] = [
  { id: "10000", name: "Done" },
  { id: "10001", name: "Won't Do" },
  { id: "10002", name: "Duplicate" },
];

/** From most to least urgent: ORDER BY priority follows this order. */
export const DEFAULT_PRIORITIES: Priority[] = [
  { id: "1", name: "Highest" },
  { id: "2", name: "High" },
  { id: "3", name: "Medium" },
  { id: "4", name: "Low" },
  { id: "5", name: "Lowest" },
];

export const DEFAULT_STATUSES: Status[] = [
  { id: "1", name: "Open", category: "new" },
  { id: "3", name: "In Progress", category: "indeterminate" },
  { id: "10004", name: "In Review", category: "indeterminate" },
  { id: "10005", name: "Done", category: "done" },
];

/** One step at a time: from Open to Done is three transitions. */
export const DEFAULT_TRANSITIONS: Transition[] = [
  { id: "11", name: "Start Progress", from: ["Open"], to: "In Progress" },
  { id: "21", name: "Stop Progress", from: ["In Progress"], to: "Open" },
  { id: "31", name: "Send to Review", from: ["In Progress"], to: "In Review" },
  { id: "41", name: "Request Changes", from: ["In Review"], to: "In Progress" },
  { id: "51", name: "Approve", from: ["In Review"], to: "Done" },
  { id: "61", name: "Reopen", from: ["Done"], to: "Open" },
];
