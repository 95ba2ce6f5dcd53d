import { z } from "zod";
import type { Http, PersonQuery } from "@/lib/connectors/connector";
import {
  createFieldPage,
  issueTypePage,
  personAnswer,
  projectStatuses,
  toDescription,
} from "@/lib/connectors/jira-data-center/fields";
import { SyncError } from "@/lib/errors";
import type { SideDescription } from "@/lib/sync/description";
import type { PartTypes } from "@/lib/sync/parent";
import type { Person } from "@/lib/sync/replica";

const API = "/rest/api/2";
const A_PAGE = 200;
/** People that a search gives at most; who is not among them is not offered for mapping. */
const MOST_PEOPLE = 1_000;

/**
 * What issues of a project and type may look like. The values come from the create screen, since the global
 * lists promise more than a project allows.
 */
export async function describeSide(
  http: Http,
  { project, issueType }: { project: string; issueType: string },
): Promise<SideDescription> {
  const below = typesPath(project);
  const types = await allOf(http, issueTypePage, below);
  const type = types.find(({ name }) => name === issueType);
  if (!type)
    throw new SyncError(
      "unexpected_answer",
      `${project} has no issue type "${issueType}" that our account may create: it has ${types.map(({ name }) => name).join(", ") || "none"}`,
    );
  const [fields, statuses, people] = await Promise.all([
    allOf(http, createFieldPage, `${below}/${encodeURIComponent(type.id)}`),
    http.read(projectStatuses, `${API}/project/${encodeURIComponent(project)}/statuses`),
    assignable(http, project),
  ]);
  const ofType = statuses?.find(({ name }) => name === issueType)?.statuses ?? [];
  const names = ofType.map(({ name }) => name);
  const described = fields.flatMap((field) => toDescription(field) ?? []);
  return {
    types: types.map(({ name }) => name),
    statuses: names,
    fields: [
      ...described,
      // Never on a create screen: a new issue starts where its workflow starts.
      {
        id: "status",
        name: "Status",
        kind: "option",
        allowed: names,
        isRequired: false,
        canWrite: true,
      },
    ],
    people,
  };
}

function typesPath(project: string): string {
  return `${API}/issue/createmeta/${encodeURIComponent(project)}/issuetypes`;
}

const typedIssue = z.object({
  key: z.string(),
  fields: z.object({ issuetype: z.object({ subtask: z.boolean().default(false) }) }),
});

/** The types of sub-tasks, which alone can have a parent, and none for the parts of a sub-task. */
export async function typesOfParts(
  http: Http,
  project: string,
  parentPath: string,
): Promise<PartTypes> {
  const [parent, all] = await Promise.all([
    http.read(typedIssue, parentPath, { fields: "issuetype" }),
    allOf(http, issueTypePage, typesPath(project)),
  ]);
  if (parent?.fields.issuetype.subtask)
    return { types: [], why: `${parent.key} is a sub-task itself, which Jira gives no sub-tasks` };
  const types = all.filter(({ subtask }) => subtask).map(({ name }) => name);
  const none = `${project} has no type of sub-tasks that our account may create`;
  return { types, why: types.length === 0 ? none : null };
}

/** Somebody by login, address or name; null when nobody or more than one fits, or when we may not ask. */
export async function findPerson(http: Http, query: PersonQuery): Promise<Person | null> {
  const [how, wanted] = Object.entries(query)[0] as [keyof Person, string];
  const found = await allowed(() =>
    http.read(z.array(personAnswer), `${API}/user/search`, { username: wanted, maxResults: "50" }),
  );
  const fitting = found?.filter((person) => person[how]?.toLowerCase() === wanted.toLowerCase());
  return fitting?.length === 1 ? (fitting[0] ?? null) : null;
}

function assignable(http: Http, project: string): Promise<Person[] | null> {
  return allowed(() =>
    http.read(z.array(personAnswer), `${API}/user/assignable/search`, {
      project,
      maxResults: String(MOST_PEOPLE),
    }),
  );
}

/** An account without the right to browse people gets 403, which is no error of the connection. */
async function allowed<T>(read: () => Promise<T | null>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SyncError && error.code === "field_rejected") return null;
    throw error;
  }
}

type Page<T> = { total?: number | undefined; isLast?: boolean | undefined; values: T[] };

async function allOf<T>(http: Http, schema: z.ZodType<Page<T>>, path: string): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const page = await http.read(schema, path, {
      startAt: String(all.length),
      maxResults: String(A_PAGE),
    });
    if (!page)
      throw new SyncError("unexpected_answer", `there is no ${path}: is the project's key right?`);
    all.push(...page.values);
    if (
      page.values.length === 0 ||
      page.isLast === true ||
      all.length >= (page.total ?? all.length + 1)
    )
      return all;
  }
}
