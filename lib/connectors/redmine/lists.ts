import type { Http } from "@/lib/connectors/connector";
import type { ListName, Numbers } from "@/lib/connectors/redmine/fields";
import { MARKER_FIELD } from "@/lib/connectors/redmine/marker";
import {
  issueList,
  membershipPage,
  type Named,
  priorityList,
  projectAnswer,
  statusList,
  userAnswer,
  versionList,
} from "@/lib/connectors/redmine/schema";
import { SyncError } from "@/lib/errors";
import { type Kept, keeping } from "@/lib/kept";
import type { Person } from "@/lib/sync/replica";

/** The most that Redmine gives at once, whatever is asked for. */
export const A_PAGE = 100;
/** Names and numbers are asked for again after this time. */
const KEEP_MS = 60_000;
/** Who is behind a number hardly ever changes. */
const KEEP_PEOPLE_MS = 10 * 60_000;
/** Members who are looked up at most: one call for each. */
const MOST_MEMBERS = 500;

export type Lists = Record<ListName, Named[]> & { markerFieldId: string; customFields: Named[] };

// A connection is opened anew every few seconds; what an instance calls its statuses is not.
const keptLists: Kept<string, Lists> = new Map();
const keptPeople: Kept<string, Person | null> = new Map();
const keptMembers: Kept<string, Named[]> = new Map();

/** Looks up names, numbers and people of one project. Only reads. */
export function listsOf(http: Http, baseUrl: string, projectKey: string) {
  const project = `/projects/${encodeURIComponent(projectKey)}`;
  const keyOf = (what: string) => `${baseUrl} ${projectKey} ${what}`;

  const person = (id: string): Promise<Person | null> =>
    keeping(keptPeople, `${baseUrl} ${id}`, KEEP_PEOPLE_MS, () => readPerson(http, id));

  const members = (): Promise<Named[]> =>
    keeping(keptMembers, keyOf("members"), KEEP_MS, async () => {
      const found = new Map<string, Named>();
      for (let offset = 0; ; offset += A_PAGE) {
        const page = await http.read(membershipPage, `${project}/memberships.json`, {
          offset: String(offset),
          limit: String(A_PAGE),
        });
        for (const { user } of page?.memberships ?? []) if (user) found.set(user.id, user);
        if (!page || page.memberships.length === 0 || offset + A_PAGE >= page.total_count)
          return [...found.values()].slice(0, MOST_MEMBERS);
      }
    });

  const people = async (): Promise<Person[]> => {
    const found = await Promise.all((await members()).map(({ id }) => person(id)));
    return found.filter((each) => each !== null);
  };

  const lists = (): Promise<Lists> =>
    keeping(keptLists, keyOf("lists"), KEEP_MS, () => readLists(http, project, projectKey));

  return {
    person,
    /** Everybody who can be given an issue. Throws `field_rejected` when our account may not ask. */
    people,
    lists,
    /** Forgets what may have changed since. */
    forget(): void {
      keptLists.delete(keyOf("lists"));
      keptMembers.delete(keyOf("members"));
    },
    async numbers(): Promise<Numbers> {
      const found = await lists();
      const ids = new Map<string, string>();
      for (const { id } of await members()) {
        const member = await person(id);
        if (member) ids.set(member.key, id);
      }
      const logins = new Map([...ids].map(([login, id]) => [id, login]));
      return {
        number: (list, name) =>
          list === "person" ? ids.get(name) : found[list].find((each) => each.name === name)?.id,
        name: (list, number) =>
          list === "person"
            ? logins.get(number)
            : found[list].find(({ id }) => id === number)?.name,
      };
    },
  };
}
export type ListsOf = ReturnType<typeof listsOf>;

async function readLists(http: Http, project: string, projectKey: string): Promise<Lists> {
  const [found, versions, statuses, priorities, recent] = await Promise.all([
    http.read(projectAnswer, `${project}.json`, {
      include: "trackers,issue_categories,issue_custom_fields",
    }),
    http.read(versionList, `${project}/versions.json`),
    http.read(statusList, "/issue_statuses.json"),
    http.read(priorityList, "/enumerations/issue_priorities.json"),
    http.read(issueList, "/issues.json", {
      project_id: projectKey,
      subproject_id: "!*",
      status_id: "*",
      sort: "id:desc",
      limit: "25",
    }),
  ]);
  if (!found)
    throw new SyncError(
      "unexpected_answer",
      `there is no project "${projectKey}" in this Redmine that our account may see: its identifier is the last part of its address`,
    );
  // A project tells of the custom fields that were given to it; those of all projects are seen on issues only.
  const seen = recent?.issues.flatMap((issue) => issue.custom_fields) ?? [];
  const custom = [
    ...new Map(
      [...found.project.issue_custom_fields, ...seen].map(({ id, name }) => [id, { id, name }]),
    ).values(),
  ];
  const marker = custom.find(({ name }) => name === MARKER_FIELD);
  return {
    type: found.project.trackers,
    status: statuses?.issue_statuses ?? [],
    priority: priorities?.issue_priorities ?? [],
    components: found.project.issue_categories,
    fixVersions: versions?.versions ?? [],
    customFields: custom.filter(({ name }) => name !== MARKER_FIELD),
    markerFieldId: marker?.id ?? "",
  };
}

async function readPerson(http: Http, id: string): Promise<Person | null> {
  const found = await http.read(userAnswer, `/users/${encodeURIComponent(id)}.json`);
  if (!found) return null;
  const { login, firstname, lastname, mail } = found.user;
  return { key: login, name: `${firstname} ${lastname}`.trim(), email: mail || null };
}

/** What was read, or null where our account may not: Redmine answers 403 for what only administrators see. */
export async function ifAllowed<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SyncError && error.code === "field_rejected") return null;
    throw error;
  }
}
