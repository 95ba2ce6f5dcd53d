import { authorBean, restUrl, userBean } from "@/e2e/simulators/jira-data-center/beans";
import {
  type Answer,
  type Call,
  issueOf,
  noContent,
  objectBody,
  ok,
  pageOf,
  type Route,
  route,
  signedIn,
  slice,
  visibleProject,
} from "@/e2e/simulators/jira-data-center/call";
import { editIssue } from "@/e2e/simulators/jira-data-center/issues";
import { invalidFields, refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type { User } from "@/e2e/simulators/jira-data-center/records";
import { canSee, findUser, projectOf, putIssue } from "@/e2e/simulators/jira-data-center/state";

/** Who watches an issue, who it is assigned to, and who it could be assigned to. */
export const peopleRoutes: Route[] = [
  route("GET", "/issue/:issue/watchers", (call) => {
    const { state } = call.jira;
    const issue = issueOf(call);
    return ok({
      self: restUrl(state, `/issue/${issue.key}/watchers`),
      isWatching: issue.watcherKeys.includes(signedIn(call).key),
      watchCount: issue.watcherKeys.length,
      watchers: issue.watcherKeys.map((key) => authorBean(state, key)),
    });
  }),
  route("POST", "/issue/:issue/watchers", (call) => {
    // A bare JSON string; without a body it is the caller.
    const name = call.body;
    const by = signedIn(call);
    return watch(call, name === undefined || name === null ? by.name : name, true);
  }),
  route("DELETE", "/issue/:issue/watchers", (call) => {
    signedIn(call);
    return watch(call, call.query.get("username"), false);
  }),
  route("PUT", "/issue/:issue/assignee", (call) => {
    const { state } = call.jira;
    const by = signedIn(call);
    const issue = issueOf(call);
    const { name } = objectBody(call);
    const user = typeof name === "string" && name !== "" ? findUser(state, name) : null;
    if (user === undefined)
      throw invalidFields({ assignee: `User '${String(name)}' does not exist.` });
    editIssue(state, by, issue, { assigneeKey: user?.key ?? null });
    return noContent();
  }),
  route("GET", "/user/assignable/search", (call) => {
    signedIn(call);
    const { state } = call.jira;
    const issueKey = call.query.get("issueKey");
    const project = issueKey
      ? projectOf(state, issueOf({ ...call, params: { issue: issueKey } }))
      : visibleProject(call, call.query.get("project") ?? "");
    if (!project) throw refusal(404, "No project could be found with that key.");
    const wanted = (call.query.get("username") ?? "").toLowerCase();
    const found = [...state.users.values()].filter(
      (user) => user.active && canSee(user, project) && fits(user, wanted),
    );
    const page = pageOf(call.query.get("startAt"), call.query.get("maxResults"), 50, 1_000);
    return ok(slice(found, page).map((user) => userBean(state, user)));
  }),
];

/** Whether login, name or address begin with the words; "." means everybody. */
export function fits({ name, displayName, emailAddress }: User, wanted: string): boolean {
  return (
    wanted === "." ||
    [name, displayName, emailAddress].some((text) => text.toLowerCase().startsWith(wanted))
  );
}

function watch(call: Call, name: unknown, isWatching: boolean): Answer {
  const { state } = call.jira;
  const issue = issueOf(call);
  const user = typeof name === "string" ? findUser(state, name) : undefined;
  if (!user) throw refusal(400, `The user "${String(name)}" does not exist.`);
  const others = issue.watcherKeys.filter((key) => key !== user.key);
  putIssue(state, { ...issue, watcherKeys: isWatching ? [...others, user.key] : others });
  return noContent();
}
