import { restUrl } from "@/e2e/simulators/jira-data-center/beans";
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
import { invalidFields, refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type { Issue, RemoteLink } from "@/e2e/simulators/jira-data-center/records";
import { type JiraState, nextId, putIssue } from "@/e2e/simulators/jira-data-center/state";

/** Links to things elsewhere. A `globalId` that the issue has already is written over, not added. */
export const remoteLinkRoutes: Route[] = [
  route("GET", "/issue/:issue/remotelink", (call) => {
    const { state } = call.jira;
    const issue = issueOf(call);
    const globalId = call.query.get("globalId");
    if (globalId === null) return ok(issue.remoteLinks.map((link) => bean(state, issue, link)));
    const found = issue.remoteLinks.find((link) => link.globalId === globalId);
    if (!found) throw gone(globalId);
    return ok(bean(state, issue, found));
  }),
  route("POST", "/issue/:issue/remotelink", (call) => {
    const { state } = call.jira;
    signedIn(call);
    const issue = issueOf(call);
    const values = read(call);
    const known = issue.remoteLinks.find(
      ({ globalId }) => globalId !== null && globalId === values.globalId,
    );
    const link = { id: known?.id ?? Number(nextId(state, "remoteLink")), ...values };
    put(state, issue, link);
    const self = restUrl(state, `/issue/${issue.key}/remotelink/${link.id}`);
    return { status: known ? 200 : 201, json: { id: link.id, self } };
  }),
  route("DELETE", "/issue/:issue/remotelink", (call) => {
    signedIn(call);
    const issue = issueOf(call);
    const globalId = call.query.get("globalId") ?? "";
    const found = issue.remoteLinks.find((link) => link.globalId === globalId);
    if (!found) throw gone(globalId);
    return remove(call, issue, found);
  }),
  route("GET", "/issue/:issue/remotelink/:link", (call) => {
    const issue = issueOf(call);
    return ok(bean(call.jira.state, issue, linkOf(call, issue)));
  }),
  route("PUT", "/issue/:issue/remotelink/:link", (call) => {
    signedIn(call);
    const issue = issueOf(call);
    put(call.jira.state, issue, { id: linkOf(call, issue).id, ...read(call) });
    return noContent();
  }),
  route("DELETE", "/issue/:issue/remotelink/:link", (call) => {
    signedIn(call);
    const issue = issueOf(call);
    return remove(call, issue, linkOf(call, issue));
  }),
];

function linkOf(call: Call, issue: Issue): RemoteLink {
  const found = issue.remoteLinks.find(({ id }) => String(id) === param(call, "link"));
  if (!found) throw gone(param(call, "link"));
  return found;
}

function read(call: Call): Omit<RemoteLink, "id"> {
  const { globalId = null, application, relationship = null, object } = objectBody(call);
  const { url, title } = (object ?? {}) as { url?: unknown; title?: unknown };
  if (!url) throw invalidFields({ url: "'url' is required." });
  if (!title) throw invalidFields({ title: "'title' is required." });
  if (typeof globalId === "string" && globalId.length > 255)
    throw invalidFields({ globalId: "'globalId' must be at most 255 characters." });
  return {
    globalId: globalId as string | null,
    application: application ?? {},
    relationship: relationship as string | null,
    object,
  };
}

/** Like properties, no edit: `updated` stays and nobody is told. */
function put(state: JiraState, issue: Issue, link: RemoteLink): void {
  const others = issue.remoteLinks.filter(({ id }) => id !== link.id);
  putIssue(state, { ...issue, remoteLinks: [...others, link] });
}

function remove({ jira: { state } }: Call, issue: Issue, { id }: RemoteLink) {
  putIssue(state, { ...issue, remoteLinks: issue.remoteLinks.filter((link) => link.id !== id) });
  return noContent();
}

function gone(id: string) {
  return refusal(404, `The remote link '${id}' does not exist.`);
}

function bean(state: JiraState, issue: Issue, link: RemoteLink) {
  const { id, globalId, application, relationship, object } = link;
  return {
    id,
    self: restUrl(state, `/issue/${issue.key}/remotelink/${id}`),
    ...(globalId === null ? {} : { globalId }),
    application,
    ...(relationship === null ? {} : { relationship }),
    object,
  };
}
