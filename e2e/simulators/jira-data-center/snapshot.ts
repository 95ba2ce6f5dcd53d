import { readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { DEFAULT_LINK_TYPES, EMPTY_PARTS } from "@/e2e/simulators/jira-data-center/defaults";
import { takeOver } from "@/e2e/simulators/jira-data-center/files";
import type {
  Issue,
  IssueLink,
  LinkType,
  Project,
  User,
  Webhook,
} from "@/e2e/simulators/jira-data-center/records";
import { emptyLastIds, type JiraState } from "@/e2e/simulators/jira-data-center/state";

/**
 * Everything Jira has in its database, as JSON: who it is and where it says it is, people with their tokens, webhooks
 * with their secrets, issues, ids. `address` is where it listened when this was taken.
 */
export type Snapshot = Partial<
  Pick<JiraState, "title" | "serverId" | "serverTimeZone" | "personality">
> & {
  address: string;
  baseUrl: string;
  /** Where the contents of its attachments lie, on the same machine. */
  filesFolder: string;
  lastId: JiraState["lastId"];
  users: User[];
  projects: Project[];
  webhooks: Webhook[];
  links: IssueLink[];
  linkTypes: LinkType[];
  deletedWorklogs: JiraState["deletedWorklogs"];
  keys: [string, string][];
  issues: Issue[];
};

/** Long enough to gather a burst, short enough to lose little. */
const GATHER_MS = 150;

/** Tells a snapshot from something else; what is in the records is taken on trust. Older files lack what has a default. */
export const snapshotBody = z
  .looseObject({
    address: z.string().default(""),
    baseUrl: z.string().default(""),
    filesFolder: z.string().default(""),
    lastId: z.record(z.string(), z.number()),
    users: z.array(z.looseObject({ properties: z.looseObject({}).default({}) })),
    projects: z.array(
      z.looseObject({
        administeredBy: z.array(z.string()).nullable().default(null),
        components: z.array(z.unknown()).default([]),
        versions: z.array(z.unknown()).default([]),
        securityLevels: z.array(z.unknown()).default([]),
        customFields: z.array(z.unknown()).default([]),
      }),
    ),
    webhooks: z.array(z.looseObject({ filter: z.string().nullable().default(null) })),
    links: z.array(z.looseObject({})).default([]),
    linkTypes: z.array(z.looseObject({})).default(DEFAULT_LINK_TYPES),
    deletedWorklogs: z.array(z.looseObject({})).default([]),
    keys: z.array(z.tuple([z.string(), z.string()])),
    issues: z.array(z.looseObject({}).transform((issue) => ({ ...EMPTY_PARTS, ...issue }))),
  })
  .transform((snapshot) => snapshot as unknown as Snapshot);

/** What was saved; `null` when there is no such file. Throws when it is no snapshot. */
export function readSnapshot(file: string): Snapshot | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  return snapshotBody.parse(JSON.parse(text));
}

export function takeSnapshot(state: JiraState): Snapshot {
  return JSON.parse(serialise(state)) as Snapshot;
}

/** Puts a copy of the snapshot in the place of everything; `name` and `address` stay the simulator's own. */
export function restore(state: JiraState, snapshot: Snapshot): void {
  const { baseUrl, lastId, keys, ...lists } = structuredClone(snapshot);
  const contents = lists.issues.flatMap(({ attachments }) =>
    attachments.map(({ sha256 }) => sha256),
  );
  takeOver(state.filesFolder, snapshot.filesFolder, contents);
  Object.assign(state, {
    title: snapshot.title ?? state.title,
    serverId: snapshot.serverId ?? state.serverId,
    serverTimeZone: snapshot.serverTimeZone ?? state.serverTimeZone,
    personality: snapshot.personality ?? state.personality,
    baseUrl,
    lastId: { ...emptyLastIds(), ...lastId },
    links: new Map(lists.links.map((link) => [link.id, link])),
    linkTypes: lists.linkTypes,
    deletedWorklogs: lists.deletedWorklogs,
    users: new Map(lists.users.map((user) => [user.key, user])),
    projects: new Map(lists.projects.map((project) => [project.id, project])),
    webhooks: new Map(lists.webhooks.map((webhook) => [webhook.id, webhook])),
    issues: new Map(lists.issues.map((issue) => [issue.id, issue])),
    issueIdByKey: new Map(keys),
    issueIdByComment: new Map(
      lists.issues.flatMap(({ id, comments }) => comments.map((comment) => [comment.id, id])),
    ),
    formerIssues: new Map(),
  } satisfies Partial<JiraState>);
}

export type Saver = { later(): void; now(): Promise<void> };

/**
 * Writes the state to its file: `later` within about 150 ms, `now` before it returns. The file is replaced whole,
 * so a process killed in the middle leaves the one before. Two saves never overlap.
 */
export function snapshotSaver(state: JiraState, file: string): Saver {
  let timer: NodeJS.Timeout | undefined;
  let saving = Promise.resolve();
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    saving = saving.then(() => write(file, serialise(state)));
    return saving;
  };
  return {
    later() {
      timer ??= setTimeout(() => {
        save().catch((error: unknown) => console.error(`cannot save ${file}: ${error}`));
      }, GATHER_MS);
    },
    now: save,
  };
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/** Issues are never changed in place, so that only those put since the last save are written out anew. */
const written = new WeakMap<Issue, string>();

function serialise(state: JiraState): string {
  const { title, serverId, serverTimeZone, personality, address, baseUrl, lastId } = state;
  const { filesFolder } = state;
  const { users, projects, webhooks, issueIdByKey, links, linkTypes, deletedWorklogs } = state;
  const rest = JSON.stringify({
    title,
    serverId,
    serverTimeZone,
    personality,
    address,
    baseUrl,
    filesFolder,
    lastId,
    users: [...users.values()],
    projects: [...projects.values()],
    webhooks: [...webhooks.values()],
    links: [...links.values()],
    linkTypes,
    deletedWorklogs,
    keys: [...issueIdByKey],
  });
  const issues: string[] = [];
  for (const issue of state.issues.values()) {
    let text = written.get(issue);
    if (!text) {
      text = JSON.stringify(issue);
      written.set(issue, text);
    }
    issues.push(text);
  }
  return `${rest.slice(0, -1)},"issues":[\n${issues.join(",\n")}\n]}\n`;
}
