import {
  componentBean,
  issueTypeBean,
  priorityBean,
  projectBean,
  resolutionBean,
  securityBean,
  statusBean,
  userBean,
  versionBean,
} from "@/e2e/simulators/jira-data-center/beans";
import {
  type Call,
  ok,
  pageOf,
  param,
  type Route,
  route,
  slice,
  visibleProject,
} from "@/e2e/simulators/jira-data-center/call";
import { customSchema } from "@/e2e/simulators/jira-data-center/custom-fields";
import { RESOLUTIONS } from "@/e2e/simulators/jira-data-center/defaults";
import { fieldMeta, screenOf } from "@/e2e/simulators/jira-data-center/field-beans";
import {
  FIELD_NAMES,
  FIELD_SCHEMAS,
  SCREEN_FIELDS,
} from "@/e2e/simulators/jira-data-center/field-names";
import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type { Project } from "@/e2e/simulators/jira-data-center/records";
import { canSee, type JiraState, userByKey } from "@/e2e/simulators/jira-data-center/state";

/** Projects, what issues in them may look like, and the global lists, which promise more than a project allows. */
export const projectRoutes: Route[] = [
  route("GET", "/project", ({ jira: { state }, user }) => {
    const visible = [...state.projects.values()].filter((project) => canSee(user, project));
    return ok(visible.map((project) => projectBean(state, project)));
  }),
  route("GET", "/project/:project", (call) => {
    const { state } = call.jira;
    const project = projectOfPath(call);
    return ok({
      ...projectBean(state, project),
      description: "",
      lead: userBean(state, userByKey(state, project.leadKey)),
      issueTypes: project.issueTypes.map((type) => issueTypeBean(state, type)),
      components: project.components.map((component) => componentBean(state, component)),
      versions: project.versions.map((version) => versionBean(state, version)),
      archived: false,
    });
  }),
  route("GET", "/project/:project/statuses", (call) => {
    const { state } = call.jira;
    const project = projectOfPath(call);
    const statuses = project.statuses.map((status) => statusBean(state, status));
    return ok(
      project.issueTypes.map((type) => {
        const { self, id, name, subtask } = issueTypeBean(state, type);
        return { self, id, name, subtask, statuses };
      }),
    );
  }),
  route("GET", "/project/:project/components", (call) => {
    const { state } = call.jira;
    return ok(projectOfPath(call).components.map((component) => componentBean(state, component)));
  }),
  route("GET", "/project/:project/versions", (call) => {
    const { state } = call.jira;
    return ok(projectOfPath(call).versions.map((version) => versionBean(state, version)));
  }),
  route("GET", "/project/:project/securitylevel", (call) => {
    const { state } = call.jira;
    const levels = projectOfPath(call).securityLevels;
    return ok({ levels: levels.map((level) => securityBean(state, level)) });
  }),
  route("GET", "/resolution", ({ jira: { state } }) =>
    ok(RESOLUTIONS.map((resolution) => resolutionBean(state, resolution))),
  ),
  route("GET", "/priority", (call) => globalList(call, "priorities", priorityBean)),
  route("GET", "/status", (call) => globalList(call, "statuses", statusBean)),
  route("GET", "/issuetype", (call) => globalList(call, "issueTypes", issueTypeBean)),
  route("GET", "/field", ({ jira: { state } }) =>
    ok([...Object.keys(FIELD_NAMES).map(fieldBean), ...customFieldBeans(state)]),
  ),
  route("GET", "/issue/createmeta/:project/issuetypes", (call) => {
    const project = projectForCreate(call);
    return paged(
      call,
      project.issueTypes.map((type) => issueTypeBean(call.jira.state, type)),
    );
  }),
  route("GET", "/issue/createmeta/:project/issuetypes/:type", (call) => {
    const project = projectForCreate(call);
    const type = project.issueTypes.find(({ id }) => id === param(call, "type"));
    if (!type) {
      throw refusal(400, "The issue type does not exist in this project.");
    }
    return paged(
      call,
      screenOf(project, type).map((field) => fieldMeta(call.jira.state, project, field)),
    );
  }),
];

function projectOfPath(call: Call): Project {
  const idOrKey = param(call, "project");
  const project = visibleProject(call, idOrKey);
  if (!project) throw refusal(404, `No project could be found with key '${idOrKey}'.`);
  return project;
}

/** A project that cannot be seen is a 400 here, not a 404. */
function projectForCreate(call: Call): Project {
  const project = visibleProject(call, param(call, "project"));
  if (!project)
    throw refusal(400, "Project does not exist or you do not have permission to view it.");
  return project;
}

function paged(call: Call, values: unknown[]) {
  const page = pageOf(call.query.get("startAt"), call.query.get("maxResults"), 50, 200);
  const isLast = page.startAt + page.maxResults >= values.length;
  return ok({ ...page, total: values.length, isLast, values: slice(values, page) });
}

type Lists = "priorities" | "statuses" | "issueTypes";

/** Every entry of every project once. */
function globalList<L extends Lists>(
  { jira: { state } }: Call,
  list: L,
  bean: (state: JiraState, entry: Project[L][number]) => unknown,
) {
  const byId = new Map<string, Project[L][number]>();
  for (const project of state.projects.values()) {
    for (const entry of project[list]) byId.set(entry.id, entry);
  }
  return ok([...byId.values()].map((entry) => bean(state, entry)));
}

function fieldBean(id: string) {
  return {
    id,
    name: FIELD_NAMES[id],
    custom: false,
    orderable: SCREEN_FIELDS.includes(id),
    navigable: id !== "comment",
    searchable: true,
    clauseNames: [id],
    schema: FIELD_SCHEMAS[id],
  };
}

/** Every custom field of every project once. */
function customFieldBeans(state: JiraState) {
  const all = [...state.projects.values()].flatMap(({ customFields }) => customFields);
  const byId = new Map(all.map((field) => [field.id, field]));
  return [...byId.values()].map((field) => ({
    id: field.id,
    name: field.name,
    custom: true,
    orderable: true,
    navigable: true,
    searchable: true,
    clauseNames: [`cf[${field.id.replace("customfield_", "")}]`, field.name],
    schema: customSchema(field),
  }));
}
