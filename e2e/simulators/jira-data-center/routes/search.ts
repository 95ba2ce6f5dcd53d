import {
  type Answer,
  type Call,
  listOf,
  objectBody,
  ok,
  pageOf,
  type Route,
  route,
  slice,
} from "@/e2e/simulators/jira-data-center/call";
import { FIELD_NAMES } from "@/e2e/simulators/jira-data-center/field-names";
import { issueBean } from "@/e2e/simulators/jira-data-center/issue-bean";
import { search } from "@/e2e/simulators/jira-data-center/jql";

export const searchRoutes: Route[] = [
  route("GET", "/search", (call) => {
    const { query } = call;
    return found(call, {
      jql: query.get("jql"),
      startAt: query.get("startAt"),
      maxResults: query.get("maxResults"),
      validateQuery: query.get("validateQuery")?.toLowerCase() !== "false",
      fields: query.getAll("fields"),
      expand: query.getAll("expand"),
    });
  }),
  route("POST", "/search", (call) => found(call, objectBody(call))),
];

/** The usual cap of `jira.search.views.default.max`. */
const MOST = 1_000;

function found(call: Call, request: Record<string, unknown>): Answer {
  const { state } = call.jira;
  const validates = request.validateQuery !== false;
  const issues = search(state, call.user, String(request.jql ?? ""), validates, call.indexLagMs);
  const page = pageOf(request.startAt, request.maxResults, 50, MOST);
  const fields = listOf(request.fields);
  const expand = new Set(listOf(request.expand));
  const view = {
    fields: fields.length > 0 ? fields : ["*navigable"],
    // The names are given once for the whole answer.
    expand: new Set([...expand].filter((part) => part !== "names")),
    properties: [],
  };
  return ok({
    expand: "names,schema",
    ...page,
    total: issues.length,
    issues: slice(issues, page).map((issue) => issueBean(state, issue, view, call.user)),
    ...(expand.has("names") ? { names: FIELD_NAMES } : {}),
  });
}
