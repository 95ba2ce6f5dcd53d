import { createHash } from "node:crypto";
import type { Seen } from "@/e2e/convergence/seen";
import type {
  SeenAttachment,
  SeenIssue,
  SimulatorClient,
} from "@/e2e/simulators/jira-data-center/client";

/** The fields that both sides have beside Jira's own, in the order in which each Jira numbers them. */
export const CUSTOM_FIELDS = [
  { name: "Customer", kind: "text" },
  { name: "Notes", kind: "textarea" },
  { name: "Effort", kind: "number" },
  { name: "Go live", kind: "date" },
  { name: "Region", kind: "select", options: ["EU", "US", "APAC"] },
  { name: "Modules", kind: "multiselect", options: ["Billing", "Login", "Search", "Export"] },
  { name: "Owner", kind: "user" },
] as const;

export type JiraProject = {
  client: SimulatorClient;
  key: string;
  /** The number of the first of its custom fields. */
  firstField: number;
  /** The login of the account that synchronises. */
  ours: string;
};

export function customField({ firstField }: Pick<JiraProject, "firstField">, name: string): string {
  return `customfield_${firstField + CUSTOM_FIELDS.findIndex((field) => field.name === name)}`;
}

type Named = { name: string };
type Value = { value: string };
type User = { emailAddress: string };

/** Every issue of a project over REST, as an administrator sees it, with its files' contents. */
export async function readJira(project: JiraProject): Promise<Seen[]> {
  const admin = project.client.as("admin-token");
  const found: Seen[] = [];
  for (;;) {
    const page = await admin.search(`project = ${project.key} ORDER BY id ASC`, {
      startAt: String(found.length),
      maxResults: "200",
      fields: "summary",
    });
    for (const { id } of page.issues) found.push(await readIssue(project, id));
    if (page.issues.length === 0 || found.length >= page.total) return found;
  }
}

async function readIssue(project: JiraProject, id: string): Promise<Seen> {
  const admin = project.client.as("admin-token");
  const issue = await admin.getIssue(id, { properties: "*all" });
  const noted = issue.properties?.["exalate.twin"] as { twinId?: string } | undefined;
  const files = (issue.fields.attachment ?? []) as SeenAttachment[];
  return {
    id: issue.id,
    key: issue.key,
    twinId: noted?.twinId ?? null,
    fields: fieldsOf(project, issue),
    comments: (await admin.comments(issue.id)).map(({ author, body, visibility }) => ({
      author: author.displayName,
      body,
      isOurs: author.name === project.ours,
      isPrivate: visibility !== undefined,
    })),
    files: await Promise.all(
      files.map(async ({ filename, content, author }) => ({
        name: filename,
        bytes: createHash("sha256")
          .update(await admin.download(content))
          .digest("hex"),
        isOurs: author.name === project.ours,
      })),
    ),
    work: await workOf(issue, project),
    links: linksOf(issue),
    parentId: (issue.fields.parent as { id: string } | undefined)?.id ?? null,
  };
}

function fieldsOf(project: JiraProject, { fields }: SeenIssue): Record<string, string> {
  const custom = <T>(name: string) => fields[customField(project, name)] as T | null | undefined;
  const names = (field: string) => set((fields[field] as Named[]).map(({ name }) => name));
  return {
    type: (fields.issuetype as Named).name,
    summary: fields.summary,
    description: fields.description ?? "",
    status: fields.status.name,
    priority: fields.priority.name,
    labels: set(fields.labels),
    components: names("components"),
    fixVersions: names("fixVersions"),
    dueDate: (fields.duedate as string | null) ?? "",
    assignee: (fields.assignee as User | null)?.emailAddress ?? "",
    reporter: (fields.reporter as User | null)?.emailAddress ?? "",
    Customer: custom<string>("Customer") ?? "",
    Notes: custom<string>("Notes") ?? "",
    Effort: String(custom<number>("Effort") ?? ""),
    "Go live": custom<string>("Go live") ?? "",
    Region: custom<Value>("Region")?.value ?? "",
    Modules: set((custom<Value[]>("Modules") ?? []).map(({ value }) => value)),
    Owner: custom<User>("Owner")?.emailAddress ?? "",
  };
}

async function workOf({ id }: SeenIssue, { client, ours }: JiraProject): Promise<Seen["work"]> {
  type Worklog = {
    author: { name: string; displayName: string };
    comment: string;
    started: string;
    timeSpentSeconds: number;
  };
  const { body } = await client.as("admin-token").call("GET", `/api/2/issue/${id}/worklog`);
  return (body as { worklogs: Worklog[] }).worklogs.map((worklog) => ({
    author: worklog.author.displayName,
    // Each Jira shows its own zone.
    day: new Date(worklog.started.replace(/(\d\d)(\d\d)$/, "$1:$2")).toISOString(),
    seconds: worklog.timeSpentSeconds,
    comment: worklog.comment,
    isOurs: worklog.author.name === ours,
  }));
}

function linksOf({ fields }: SeenIssue): Seen["links"] {
  const links = fields.issuelinks as { type: Named; outwardIssue?: { id: string } }[];
  return links.flatMap(({ type, outwardIssue }) =>
    outwardIssue ? [{ type: type.name, toId: outwardIssue.id }] : [],
  );
}

function set(names: string[]): string {
  return [...names].sort().join("\n");
}
