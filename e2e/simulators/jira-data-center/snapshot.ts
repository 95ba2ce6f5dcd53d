import { readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Issue, Project, User, Webhook } from "@/e2e/simulators/jira-data-center/records";
import type { JiraState } from "@/e2e/simulators/jira-data-center/state";

type Snapshot = Pick<JiraState, "lastId"> & {
  users: User[];
  projects: Project[];
  webhooks: Webhook[];
  keys: [string, string][];
  issues: Issue[];
};

/** Long enough to gather a burst, short enough to lose little. */
const GATHER_MS = 150;

/** Fills the state from its file; a missing file leaves it as it is. */
export function loadSnapshot(state: JiraState, file: string): void {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const snapshot = JSON.parse(text) as Snapshot;
  state.users = new Map(snapshot.users.map((user) => [user.key, user]));
  state.projects = new Map(snapshot.projects.map((project) => [project.id, project]));
  state.webhooks = new Map(snapshot.webhooks.map((webhook) => [webhook.id, webhook]));
  state.issues = new Map(snapshot.issues.map((issue) => [issue.id, issue]));
  state.issueIdByKey = new Map(snapshot.keys);
  state.issueIdByComment = new Map(
    snapshot.issues.flatMap(({ id, comments }) => comments.map((comment) => [comment.id, id])),
  );
  state.lastId = snapshot.lastId;
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
  const { users, projects, webhooks, issueIdByKey, lastId } = state;
  const rest = JSON.stringify({
    lastId,
    users: [...users.values()],
    projects: [...projects.values()],
    webhooks: [...webhooks.values()],
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
