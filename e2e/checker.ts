import type {
  SeenComment,
  SeenIssue,
  SimulatorClient,
} from "@/e2e/simulators/jira-data-center/client";

// Independent of the product: it knows both trackers' REST and what "equal" means, and nothing of our code.

export type Check = { compared: number; differences: string[] };

export type CheckOptions = {
  local: SimulatorClient;
  remote: SimulatorClient;
  localProject: string;
  remoteProject: string;
  /** Each local value with its counterpart. */
  status: Record<string, string>;
  priority: Record<string, string>;
  /** Pairs that existed before they were connected, by key. Others are found by the note on the source. */
  linked: Map<string, string>;
};

/**
 * Reads both trackers over REST as an administrator and compares everything that is kept in step:
 * every issue has exactly one twin, fields are equal under the mapping, each comment stands at the other
 * side once, under its author's name, in order.
 */
export async function checkInStep(options: CheckOptions): Promise<Check> {
  const check: Check = { compared: 0, differences: [] };
  const local = await readAll(options.local, options.localProject);
  const remote = await readAll(options.remote, options.remoteProject);
  const byKey = new Map(remote.map((issue) => [issue.key, issue]));
  const byId = new Map(remote.map((issue) => [issue.id, issue]));
  const taken = new Set<string>();

  for (const issue of local) {
    const noted = issue.properties?.["exalate.twin"] as { twinId?: string } | undefined;
    const twin = byKey.get(options.linked.get(issue.key) ?? "") ?? byId.get(noted?.twinId ?? "");
    check.compared += 1;
    if (!twin) {
      check.differences.push(`${issue.key} has no twin`);
      continue;
    }
    if (taken.has(twin.id)) check.differences.push(`${twin.key} is the twin of two issues`);
    taken.add(twin.id);
    compareFields(issue, twin, options, check);
    await compareComments(issue, twin, options, check);
  }
  for (const issue of remote)
    if (!taken.has(issue.id)) check.differences.push(`${issue.key} is nobody's twin: a double`);
  check.compared += remote.length;
  return check;
}

async function readAll(simulator: SimulatorClient, project: string): Promise<SeenIssue[]> {
  const admin = simulator.as("admin-token");
  const found: SeenIssue[] = [];
  for (;;) {
    const page = await admin.search(`project = ${project} ORDER BY id ASC`, {
      startAt: String(found.length),
      maxResults: "500",
      fields: "summary",
    });
    for (const { id } of page.issues) found.push(await admin.getIssue(id, { properties: "*all" }));
    if (page.issues.length === 0 || found.length >= page.total) return found;
  }
}

function compareFields(
  issue: SeenIssue,
  twin: SeenIssue,
  options: CheckOptions,
  check: Check,
): void {
  const lines: [string, unknown, unknown][] = [
    ["summary", issue.fields.summary, twin.fields.summary],
    ["description", issue.fields.description ?? "", twin.fields.description ?? ""],
    ["labels", [...issue.fields.labels].sort().join(" "), [...twin.fields.labels].sort().join(" ")],
    ["status", options.status[issue.fields.status.name], twin.fields.status.name],
    ["priority", options.priority[issue.fields.priority.name], twin.fields.priority.name],
  ];
  for (const [field, expected, actual] of lines) {
    check.compared += 1;
    if (expected !== actual)
      check.differences.push(
        `${issue.key}, ${twin.key}: ${field} is "${actual}", expected "${expected}"`,
      );
  }
}

async function compareComments(
  issue: SeenIssue,
  twin: SeenIssue,
  options: CheckOptions,
  check: Check,
): Promise<void> {
  const here = await options.local.as("admin-token").comments(issue.id);
  const there = await options.remote.as("admin-token").comments(twin.id);
  mirrored(issue.key, here, twin.key, there, check);
  mirrored(twin.key, there, issue.key, here, check);
}

const isMirror = (comment: SeenComment) => comment.author.name === "exalate";

function mirrored(
  key: string,
  from: SeenComment[],
  otherKey: string,
  to: SeenComment[],
  check: Check,
) {
  const expected = from
    .filter((comment) => !isMirror(comment))
    .map((comment) => `*${titled(comment.author.name)}* wrote:\n\n${comment.body}`);
  const actual = to.filter(isMirror).map((comment) => comment.body);
  check.compared += expected.length;
  if (JSON.stringify(expected) !== JSON.stringify(actual))
    check.differences.push(
      `${key} has ${expected.length} comments, their mirrors at ${otherKey} are ${actual.length} or in another order`,
    );
}

function titled(name: string): string {
  return `${name[0]?.toUpperCase()}${name.slice(1)}`;
}
