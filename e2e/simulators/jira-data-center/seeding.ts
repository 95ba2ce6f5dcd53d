import { z } from "zod";
import { addComment } from "@/e2e/simulators/jira-data-center/comments";
import {
  DEFAULT_ISSUE_TYPES,
  DEFAULT_PRIORITIES,
  DEFAULT_STATUSES,
  DEFAULT_TRANSITIONS,
} from "@/e2e/simulators/jira-data-center/defaults";
import { readFields } from "@/e2e/simulators/jira-data-center/issue-fields";
import { createIssue } from "@/e2e/simulators/jira-data-center/issues";
import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type {
  CustomField,
  Issue,
  Project,
  Transition,
  User,
} from "@/e2e/simulators/jira-data-center/records";
import {
  findIssue,
  findProject,
  findUser,
  type JiraState,
  nextId,
} from "@/e2e/simulators/jira-data-center/state";
import { isTimeZone } from "@/e2e/simulators/jira-data-center/zones";

export const userBody = z.object({
  name: z.string().min(1),
  displayName: z.string().optional(),
  emailAddress: z.string().optional(),
  timeZone: z.string().refine(isTimeZone, "unknown time zone").optional(),
  token: z.string().nullable().optional(),
  password: z.string().nullable().optional(),
  admin: z.boolean().optional(),
  active: z.boolean().optional(),
  roles: z.array(z.string()).optional(),
});

/** A new user, or new values for the one of that name. Without a token given it is `<name>-token`. */
export function putUser(state: JiraState, values: z.output<typeof userBody>): User {
  const known = findUser(state, values.name);
  const user: User = {
    ...(known ?? {
      key: `JIRAUSER${nextId(state, "user")}`,
      displayName: values.name,
      emailAddress: `${values.name}@example.com`,
      timeZone: state.serverTimeZone,
      token: `${values.name}-token`,
      password: null,
      admin: false,
      active: true,
      roles: [],
      properties: {},
    }),
    ...values,
  };
  state.users.set(user.key, user);
  state.changed();
  return user;
}

const category = z.enum(["new", "indeterminate", "done"]);

export const projectBody = z.object({
  key: z.string().regex(/^[A-Z][A-Z0-9_]+$/),
  name: z.string().optional(),
  /** One called "Sub-task" is for sub-tasks, unless it is said otherwise. */
  issueTypes: z
    .array(z.union([z.string(), z.object({ name: z.string(), subtask: z.boolean() })]))
    .min(1)
    .optional(),
  components: z.array(z.string()).optional(),
  versions: z
    .array(
      z.union([
        z.string(),
        z.object({
          name: z.string(),
          released: z.boolean().default(false),
          releaseDate: z.iso.date().nullable().default(null),
        }),
      ]),
    )
    .optional(),
  /** Issues of a level exist for its members only. */
  securityLevels: z.array(z.object({ name: z.string(), members: z.array(z.string()) })).optional(),
  /** `id` is a number; without one the next is taken. */
  customFields: z
    .array(
      z.object({
        id: z.int().min(10_000).optional(),
        name: z.string(),
        kind: z.enum(["text", "textarea", "number", "date", "select", "multiselect", "user"]),
        required: z.boolean().default(false),
        options: z.array(z.string()).default([]),
      }),
    )
    .optional(),
  /** The first one is where issues begin. */
  statuses: z
    .array(z.object({ name: z.string(), category }))
    .min(1)
    .optional(),
  /** Without `from` a transition is open from anywhere. Without any, each status leads to its neighbours. */
  transitions: z
    .array(
      z.object({
        id: z.string().optional(),
        name: z.string(),
        from: z.array(z.string()).default([]),
        to: z.string(),
        screen: z
          .array(z.object({ field: z.string(), required: z.boolean().default(false) }))
          .optional(),
        clearsResolution: z.boolean().optional(),
      }),
    )
    .optional(),
  /** Most urgent first. */
  priorities: z.array(z.string()).min(1).optional(),
  /** The users who can see it; `null` for everybody who is logged in. */
  visibleTo: z.array(z.string()).nullable().optional(),
  /** The users who may write its properties; `null` for everybody who can see it. */
  administeredBy: z.array(z.string()).nullable().optional(),
});

/** A new project, or a new configuration for the one with that key; its issues stay. */
export function putProject(state: JiraState, body: z.output<typeof projectBody>): Project {
  const known = findProject(state, body.key);
  const statuses = body.statuses?.map((status) => ({
    id: idOf(state, "statuses", status.name),
    ...status,
  }));
  const project: Project = {
    id: known?.id ?? nextId(state, "project"),
    key: body.key,
    name: body.name ?? known?.name ?? body.key,
    leadKey: known?.leadKey ?? "JIRAUSER10000",
    issueTypes:
      body.issueTypes?.map((type) => {
        const { name, subtask } =
          typeof type === "string" ? { name: type, subtask: type === "Sub-task" } : type;
        return { id: idOf(state, "issueTypes", name), name, subtask };
      }) ??
      known?.issueTypes ??
      DEFAULT_ISSUE_TYPES,
    statuses: statuses ?? known?.statuses ?? DEFAULT_STATUSES,
    transitions: transitionsFor(body, known),
    priorities:
      body.priorities?.map((name) => ({ id: idOf(state, "priorities", name), name })) ??
      known?.priorities ??
      DEFAULT_PRIORITIES,
    components:
      body.components?.map((name) => ({ id: ownId(state, known?.components, name), name })) ??
      known?.components ??
      [],
    versions:
      body.versions?.map((version) => {
        const { name, released, releaseDate } =
          typeof version === "string"
            ? { name: version, released: false, releaseDate: null }
            : version;
        return { id: ownId(state, known?.versions, name), name, released, releaseDate };
      }) ??
      known?.versions ??
      [],
    securityLevels:
      body.securityLevels?.map((level) => ({
        id: ownId(state, known?.securityLevels, level.name),
        ...level,
      })) ??
      known?.securityLevels ??
      [],
    customFields:
      body.customFields?.map((field) => customField(state, field)) ?? known?.customFields ?? [],
    properties: known?.properties ?? {},
    visibleTo: body.visibleTo === undefined ? (known?.visibleTo ?? null) : body.visibleTo,
    administeredBy:
      body.administeredBy === undefined ? (known?.administeredBy ?? null) : body.administeredBy,
    lastNumber: known?.lastNumber ?? 0,
  };
  state.projects.set(project.id, project);
  state.changed();
  return project;
}

/** A project's own things keep their ids when it is configured again. */
function ownId(state: JiraState, known: { id: string; name: string }[] = [], name: string): string {
  return known.find((each) => each.name === name)?.id ?? nextId(state, "other");
}

/** The same name is the same field in every project, with the options that this one allows. */
function customField(
  state: JiraState,
  {
    id,
    name,
    kind,
    required,
    options,
  }: NonNullable<z.output<typeof projectBody>["customFields"]>[number],
): CustomField {
  const known = [...state.projects.values()]
    .flatMap(({ customFields }) => customFields)
    .filter((field) => field.name === name);
  const given = id === undefined ? undefined : `customfield_${id}`;
  const knownOptions = known.flatMap((field) => field.options);
  return {
    id: given ?? known[0]?.id ?? `customfield_${nextId(state, "other")}`,
    name,
    kind,
    required,
    options: options.map((value) => ({
      id: knownOptions.find((option) => option.value === value)?.id ?? nextId(state, "other"),
      value,
    })),
  };
}

const moment = z.union([
  z.number(),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
]);

export const seedBody = z.object({
  project: z.string(),
  issues: z.array(
    z.object({
      summary: z.string(),
      description: z.string().nullable().optional(),
      labels: z.array(z.string()).optional(),
      priority: z.string().optional(),
      status: z.string().optional(),
      issueType: z.string().optional(),
      reporter: z.string().optional(),
      /** Any others as a create takes them. */
      fields: z.record(z.string(), z.unknown()).default({}),
      parent: z.string().optional(),
      properties: z.record(z.string(), z.unknown()).optional(),
      createdAt: moment.optional(),
      comments: z
        .array(z.object({ author: z.string(), body: z.string(), createdAt: moment.optional() }))
        .default([]),
    }),
  ),
});

/** Puts issues there as if they had always been: no webhook, nothing in the write log, no changelog. */
export function seedIssues(state: JiraState, body: z.output<typeof seedBody>): Issue[] {
  const project = findProject(state, body.project);
  if (!project) throw refusal(400, `no project ${body.project}`);
  const admin = person(state, "admin");
  return body.issues.map(
    ({
      comments,
      createdAt,
      status,
      issueType,
      reporter,
      priority,
      properties,
      fields: more,
      parent,
      ...fields
    }) => {
      const statusId = project.statuses.find(({ name }) => name === status)?.id;
      if (status && !statusId) throw refusal(400, `no status ${status} in ${project.key}`);
      const { summary = "", ...values } = readFields(
        { state, project },
        {
          ...fields,
          ...more,
          ...(priority ? { priority: { name: priority } } : {}),
          ...(issueType ? { issuetype: { name: issueType } } : {}),
        },
        {},
        { labels: [] },
      );
      const by = reporter ? person(state, reporter) : admin;
      const at = createdAt ?? state.now();
      const issue = createIssue(
        state,
        by,
        project,
        {
          summary,
          ...values,
          ...(statusId ? { statusId } : {}),
          ...(properties ? { properties } : {}),
          ...(parent ? { parentId: findIssue(state, parent)?.id ?? null } : {}),
        },
        { at, quietly: true },
      );
      for (const comment of comments) {
        const current = state.issues.get(issue.id) ?? issue;
        const circumstances = { at: comment.createdAt ?? at, quietly: true };
        addComment(
          state,
          person(state, comment.author),
          current,
          { body: comment.body },
          circumstances,
        );
      }
      return state.issues.get(issue.id) ?? issue;
    },
  );
}

function person(state: JiraState, name: string): User {
  const user = findUser(state, name);
  if (!user) throw refusal(400, `no user ${name}`);
  return user;
}

/** The same name has the same id in every project. */
function idOf(
  state: JiraState,
  list: "statuses" | "priorities" | "issueTypes",
  name: string,
): string {
  const defaults = {
    statuses: DEFAULT_STATUSES,
    priorities: DEFAULT_PRIORITIES,
    issueTypes: DEFAULT_ISSUE_TYPES,
  };
  const known: { id: string; name: string }[] = [
    ...defaults[list],
    ...[...state.projects.values()].flatMap(
      (project): { id: string; name: string }[] => project[list],
    ),
  ];
  return known.find((entry) => entry.name === name)?.id ?? nextId(state, "other");
}

function transitionsFor(
  { transitions, statuses }: z.output<typeof projectBody>,
  known?: Project,
): Transition[] {
  if (transitions)
    return transitions.map((each, index) => ({ ...each, id: each.id ?? String(11 + index * 10) }));
  if (!statuses) return known?.transitions ?? DEFAULT_TRANSITIONS;
  const steps = statuses.flatMap(({ name }, index) =>
    [statuses[index - 1], statuses[index + 1]].flatMap((neighbour) =>
      neighbour ? [{ name: neighbour.name, from: [name], to: neighbour.name }] : [],
    ),
  );
  return steps.map((step, index) => ({ ...step, id: String(11 + index * 10) }));
}
