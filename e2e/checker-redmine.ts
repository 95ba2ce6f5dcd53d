import type { SeenComment, SimulatorClient } from "@/e2e/simulators/jira-data-center/client";
import type { RedmineClient, SeenIssue } from "@/e2e/trackers/redmine/client";

// Independent of the product: it knows both trackers' REST and what "equal" means, and nothing of our code.

export type CheckBothOptions = {
  /** Both as administrators, who see everything. */
  jira: SimulatorClient;
  redmine: RedmineClient;
  jiraProject: string;
  redmineProject: string;
  /** Each value of Jira's with its counterpart. */
  paired: Record<"status" | "priority" | "type", Record<string, string>>;
  /** Jira's custom fields with what Redmine calls them. */
  custom: readonly { id: number; name: string }[];
  /** Redmine's name of each person, by Jira's. */
  people: Record<string, string>;
};

export type CheckBoth = {
  /** How many values of what were compared. */
  compared: Record<string, number>;
  differences: string[];
  leftOut: string[];
};

const LEFT_OUT = [
  "reporter and author: Redmine lets nobody set them",
  "labels and resolution: Redmine has none",
  "a type that is changed later: an issue keeps the one that it was made with",
  "start date, estimate and % done: nothing at Jira is mapped to them",
  "empty lines and entities in texts: the two markups need other ones to look the same",
  "moments of comments, files and work: those of a mirror are when it was written (Redmine keeps days only for work)",
  "private notes: they stay at home, and only that none of them arrived is checked",
];

/** One issue as people see it, in Redmine's words. `ours`: written by the account that synchronises. */
type Seen = {
  id: string;
  key: string;
  twinId: string | null;
  fields: Record<string, string>;
  comments: { ours: boolean; author: string; text: string }[];
  work: { ours: boolean; author: string; seconds: number; day: string; comment: string }[];
  files: { ours: boolean; name: string; content: string }[];
  links: string[];
};

/**
 * Reads both trackers over REST and compares everything that is kept in step: every issue has exactly one twin,
 * fields are equal under the mapping, and each comment, work log, file and link stands at the other side once.
 */
export async function checkJiraAndRedmine(options: CheckBothOptions): Promise<CheckBoth> {
  const check: CheckBoth = { compared: {}, differences: [], leftOut: LEFT_OUT };
  const [here, there] = [await readJira(options), await readRedmine(options)];
  const byId = new Map(there.map((issue) => [issue.id, issue]));
  const byTwin = new Map(there.map((issue) => [issue.twinId, issue]));
  const twins = new Map<string, Seen>();
  for (const issue of here) {
    const twin = byId.get(issue.twinId ?? "") ?? byTwin.get(issue.id);
    count(check, "issues");
    if (!twin) check.differences.push(`${issue.key} has no twin`);
    else if ([...twins.values()].includes(twin))
      check.differences.push(`${twin.key} is the twin of two issues`);
    else twins.set(issue.id, twin);
  }
  const taken = new Set(twins.values());
  for (const issue of there) {
    count(check, "issues");
    if (!taken.has(issue)) check.differences.push(`${issue.key} is nobody's twin: a double`);
  }
  for (const issue of here) {
    const twin = twins.get(issue.id);
    if (twin) compare(issue, twin, twins, check);
  }
  return check;
}

function count(check: CheckBoth, what: string, times = 1) {
  check.compared[what] = (check.compared[what] ?? 0) + times;
}

function compare(issue: Seen, twin: Seen, twins: Map<string, Seen>, check: CheckBoth) {
  const pair = `${issue.key}, ${twin.key}`;
  const same = (what: string, one: unknown, other: unknown) => {
    const [is, should] = [JSON.stringify(other), JSON.stringify(one)];
    if (is !== should) check.differences.push(`${pair}: ${what} is ${is}, and ${should} in Jira`);
  };
  for (const field of Object.keys(issue.fields)) {
    count(check, field);
    same(field, issue.fields[field], twin.fields[field]);
  }
  for (const [from, to] of [
    [issue, twin],
    [twin, issue],
  ] as const) {
    const said = from.comments.filter(({ ours }) => !ours);
    count(check, "comments", said.length);
    mirrored(
      `comments of ${from.key} at ${to.key}`,
      said.map(({ author, text }) => seenText(`*${author}* wrote:\n\n${text}`)),
      to.comments.filter(({ ours }) => ours).map(({ text }) => text),
      check,
    );
    const work = from.work.filter(({ ours }) => !ours);
    count(check, "work logs", work.length);
    mirrored(
      `work logs of ${from.key} at ${to.key}`,
      work
        .map(({ author, seconds, day, comment }) =>
          [seconds, day, seenText(`*${author}* wrote:\n\n${comment}`)].join(" "),
        )
        .sort(),
      to.work
        .filter(({ ours }) => ours)
        .map(({ seconds, day, comment }) => [seconds, day, comment].join(" "))
        .sort(),
      check,
    );
    const files = from.files.filter(({ ours }) => !ours);
    count(check, "files", files.length);
    const named = ({ name, content }: Seen["files"][number]) => `${name}: ${content}`;
    mirrored(
      `files of ${from.key} at ${to.key}`,
      files.map(named).sort(),
      to.files
        .filter(({ ours }) => ours)
        .map(named)
        .sort(),
      check,
    );
  }
  count(check, "links", issue.links.length);
  const linked = issue.links.map((id) => twins.get(id)?.id ?? `no twin of ${id}`);
  same("links", linked.sort(), [...twin.links].sort());
}

function mirrored(what: string, expected: string[], actual: string[], check: CheckBoth) {
  if (JSON.stringify(expected) !== JSON.stringify(actual))
    check.differences.push(
      `${what}: ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`,
    );
}

/** A text as people read it: characters that are written as entities, and how many lines are empty, do not show. */
function seenText(text: string | null | undefined): string {
  return (text ?? "")
    .replaceAll("\r\n", "\n")
    .replace(/\s*\u2063[\ufe00-\ufe0f]*\s*$/, "")
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/\n{2,}/g, "\n")
    .trim();
}

type JiraFields = {
  duedate: string | null;
  issuetype: { name: string };
  assignee: { name: string } | null;
  components: { name: string }[];
  fixVersions: { name: string }[];
  comment: { comments: SeenComment[] };
  worklog: {
    worklogs: {
      author: { name: string; displayName: string };
      comment?: string;
      started: string;
      timeSpentSeconds: number;
    }[];
  };
  attachment: { filename: string; content: string; author: { name: string } }[];
  issuelinks: { type: { name: string }; outwardIssue?: { id: string } }[];
};

async function readJira(options: CheckBothOptions): Promise<Seen[]> {
  const admin = options.jira.as("admin-token");
  const { issues } = await admin.search(`project = ${options.jiraProject} ORDER BY id ASC`, {
    maxResults: "500",
    fields: "summary",
  });
  return Promise.all(
    issues.map(async ({ id, key }) => {
      const issue = await admin.getIssue(id, { properties: "*all" });
      const fields = issue.fields as typeof issue.fields & JiraFields;
      const noted = issue.properties?.["exalate.twin"] as { twinId?: string } | undefined;
      const { paired, people } = options;
      const isOurs = (author: { name: string }) => author.name === "exalate";
      return {
        id,
        key,
        twinId: noted?.twinId ?? null,
        fields: {
          summary: fields.summary,
          description: seenText(fields.description),
          type: paired.type[fields.issuetype.name] ?? "",
          status: paired.status[fields.status.name] ?? "",
          priority: paired.priority[fields.priority.name] ?? "",
          dueDate: fields.duedate ?? "",
          assignee: fields.assignee ? (people[fields.assignee.name] ?? "") : "",
          components: fields.components.map(({ name }) => name).join(),
          fixVersions: fields.fixVersions.map(({ name }) => name).join(),
          ...Object.fromEntries(
            options.custom.map((field) => [
              field.name,
              valueText(fields[`customfield_${field.id}`], people),
            ]),
          ),
        },
        comments: fields.comment.comments.map(({ author, body }) => ({
          ours: isOurs(author),
          author: author.displayName,
          text: seenText(body),
        })),
        work: fields.worklog.worklogs.map(({ author, comment, started, timeSpentSeconds }) => ({
          ours: isOurs(author),
          author: author.displayName,
          seconds: timeSpentSeconds,
          day: started.slice(0, 10),
          comment: seenText(comment),
        })),
        files: await Promise.all(
          fields.attachment.map(async ({ filename, content, author }) => ({
            ours: isOurs(author),
            name: filename,
            content: (await admin.download(content)).toString("base64"),
          })),
        ),
        links: fields.issuelinks.flatMap(({ outwardIssue }) => outwardIssue?.id ?? []),
      };
    }),
  );
}

/** A custom field's value in Redmine's words: people by their names there, sets in the order of the alphabet. */
function valueText(value: unknown, people: Record<string, string>): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value))
    return value
      .map((each) => valueText(each, people))
      .sort()
      .join();
  if (typeof value !== "object") return String(value);
  const { value: option, name } = value as { value?: string; name?: string };
  return option ?? people[name ?? ""] ?? "";
}

async function readRedmine(options: CheckBothOptions): Promise<Seen[]> {
  const { redmine, redmineProject } = options;
  const listed: { id: number }[] = [];
  for (;;) {
    const query = { project_id: redmineProject, status_id: "*", sort: "id", limit: "100" };
    const page = await redmine.list({ ...query, offset: String(listed.length) });
    listed.push(...page.issues);
    if (page.issues.length === 0 || listed.length >= page.total_count) break;
  }
  const { users } = await redmine.made<{ users: { id: number; login: string }[] }>(
    "GET",
    "/users.json?limit=100",
  );
  const loginOf = new Map(users.map(({ id, login }) => [id, login]));
  const seen: Seen[] = [];
  for (const { id } of listed) seen.push(await readOne(id, options, loginOf));
  return seen;
}

async function readOne(
  id: number,
  { redmine, custom, people }: CheckBothOptions,
  loginOf: Map<number, string>,
): Promise<Seen> {
  const issue: SeenIssue = await redmine.get(id);
  const marker = issue.custom_fields.find(({ name }) => name === "Exalate marker")?.value;
  const isOurs = (author: { id: number }) => loginOf.get(author.id) === "exalate";
  const nameOf = (number: number) => people[loginOf.get(number) ?? ""] ?? "";
  const customText = (name: string) => {
    const value = issue.custom_fields.find((field) => field.name === name)?.value ?? "";
    if (Array.isArray(value)) return [...value].sort().join();
    if (value === "") return "";
    if (name === "Contact") return nameOf(Number(value));
    return name === "Effort" ? String(Number(value)) : value;
  };
  return {
    id: String(id),
    key: `#${id}`,
    twinId: (typeof marker === "string" && marker.split(" ")[1]) || null,
    fields: {
      summary: issue.subject,
      description: seenText(issue.description),
      type: issue.tracker.name,
      status: issue.status.name,
      priority: issue.priority.name,
      dueDate: issue.due_date ?? "",
      assignee: issue.assigned_to ? nameOf(issue.assigned_to.id) : "",
      components: issue.category?.name ?? "",
      fixVersions: issue.fixed_version?.name ?? "",
      ...Object.fromEntries(custom.map(({ name }) => [name, customText(name)])),
    },
    comments: issue.journals
      .filter(({ notes, private_notes: isPrivate }) => notes && !isPrivate)
      .map(({ user, notes }) => ({
        ours: isOurs(user),
        author: user.name,
        text: seenText(notes),
      })),
    work: (await redmine.timeEntries(id)).map(({ user, hours, comments, spent_on: day }) => ({
      ours: isOurs(user),
      author: user.name,
      seconds: Math.round(hours * 60) * 60,
      day,
      comment: seenText(comments),
    })),
    files: await Promise.all(
      (issue.attachments ?? []).map(async ({ id: file, filename, author }) => ({
        ours: isOurs(author),
        name: filename,
        content: (await redmine.download(file, filename)).toString("base64"),
      })),
    ),
    links: (issue.relations ?? [])
      .filter(({ issue_id: from }) => from === id)
      .map(({ issue_to_id: to }) => String(to)),
  };
}
