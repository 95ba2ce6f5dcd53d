import { linkedIssueBean, linkTypeBean, restUrl } from "@/e2e/simulators/jira-data-center/beans";
import {
  type Call,
  issueOf,
  noContent,
  objectBody,
  ok,
  param,
  type Route,
  route,
  signedIn,
} from "@/e2e/simulators/jira-data-center/call";
import { addComment } from "@/e2e/simulators/jira-data-center/comments";
import { reference } from "@/e2e/simulators/jira-data-center/issue-fields";
import { issueGone, refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import { linkIssues, linkTypeOf, unlinkIssues } from "@/e2e/simulators/jira-data-center/links";
import type { Issue, IssueLink } from "@/e2e/simulators/jira-data-center/records";
import { canSeeIssue, subtasksOf } from "@/e2e/simulators/jira-data-center/state";

/** `inwardIssue` is where a link begins: `{type: Blocks, inwardIssue: A, outwardIssue: B}` says that A blocks B. */
export const linkRoutes: Route[] = [
  route("POST", "/issueLink", (call) => {
    const { state } = call.jira;
    const by = signedIn(call);
    const body = objectBody(call);
    const { id, name } = reference(body.type);
    const type = state.linkTypes.find((each) =>
      id === undefined ? each.name === name : each.id === id,
    );
    if (!type) throw refusal(404, `No issue link type with name '${name ?? id}' found.`);
    const [source, destination] = [end(call, body.inwardIssue), end(call, body.outwardIssue)];
    if (source.id === destination.id) throw refusal(400, "You cannot link an issue to itself.");
    linkIssues(state, by, type, source, destination);
    const { body: text } = (body.comment ?? {}) as { body?: string };
    const current = state.issues.get(source.id);
    if (text && current) addComment(state, by, current, { body: text });
    return { status: 201 };
  }),
  route("GET", "/issueLink/:link", (call) => {
    const { state } = call.jira;
    const { link, source, destination } = linkOf(call);
    return ok({
      id: link.id,
      self: restUrl(state, `/issueLink/${link.id}`),
      type: linkTypeBean(state, linkTypeOf(state, link)),
      inwardIssue: linkedIssueBean(state, source),
      outwardIssue: linkedIssueBean(state, destination),
    });
  }),
  route("DELETE", "/issueLink/:link", (call) => {
    unlinkIssues(call.jira.state, signedIn(call), linkOf(call).link);
    return noContent();
  }),
  route("GET", "/issueLinkType", (call) => {
    const { state } = call.jira;
    return ok({ issueLinkTypes: state.linkTypes.map((type) => linkTypeBean(state, type)) });
  }),
  route("GET", "/issueLinkType/:type", (call) => {
    const { state } = call.jira;
    const type = state.linkTypes.find(({ id }) => id === param(call, "type"));
    if (!type) throw refusal(404, `No issue link type with id '${param(call, "type")}' found.`);
    return ok(linkTypeBean(state, type));
  }),
  route("GET", "/issue/:issue/subtask", (call) => {
    const { state } = call.jira;
    return ok(subtasksOf(state, issueOf(call)).map((one) => linkedIssueBean(state, one)));
  }),
];

function end(call: Call, value: unknown): Issue {
  const { id, key } = reference(value);
  return issueOf({ ...call, params: { issue: key ?? id ?? "" } });
}

function linkOf(call: Call): { link: IssueLink; source: Issue; destination: Issue } {
  const { state } = call.jira;
  const by = signedIn(call);
  const link = state.links.get(param(call, "link"));
  const source = state.issues.get(link?.sourceId ?? "");
  const destination = state.issues.get(link?.destinationId ?? "");
  if (!link || !source || !destination)
    throw refusal(404, `No issue link with id '${param(call, "link")}' exists.`);
  if (!canSeeIssue(state, by, source) || !canSeeIssue(state, by, destination)) throw issueGone();
  return { link, source, destination };
}
