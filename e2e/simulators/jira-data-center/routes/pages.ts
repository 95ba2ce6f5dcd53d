import {
  type Answer,
  type Call,
  param,
  type Route,
  route,
} from "@/e2e/simulators/jira-data-center/call";
import { addComment, deleteComment, findComment } from "@/e2e/simulators/jira-data-center/comments";
import {
  applyFaults,
  restoreBackup,
  solveCaptcha,
  takeBackup,
} from "@/e2e/simulators/jira-data-center/deeds";
import { labelSet, readFields } from "@/e2e/simulators/jira-data-center/issue-fields";
import {
  createIssue,
  deleteIssue,
  editIssue,
  transitionIssue,
} from "@/e2e/simulators/jira-data-center/issues";
import { issueGone, refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import { faultsPage, readFaultsForm } from "@/e2e/simulators/jira-data-center/pages/faults-page";
import type { Html } from "@/e2e/simulators/jira-data-center/pages/html";
import { instancePage } from "@/e2e/simulators/jira-data-center/pages/instance-page";
import { issueList } from "@/e2e/simulators/jira-data-center/pages/issue-list";
import { issuePage } from "@/e2e/simulators/jira-data-center/pages/issue-page";
import { page, type Tab } from "@/e2e/simulators/jira-data-center/pages/layout";
import { receivedPage } from "@/e2e/simulators/jira-data-center/pages/received-page";
import { isVersion, PERSONALITIES } from "@/e2e/simulators/jira-data-center/personality";
import type { Issue, User } from "@/e2e/simulators/jira-data-center/records";
import {
  findIssue,
  findProject,
  findUser,
  projectOf,
} from "@/e2e/simulators/jira-data-center/state";
import { clearWriteLog } from "@/e2e/simulators/jira-data-center/write-log";

/** Pages for people. What is done on them counts as done by the person chosen: changelog, webhooks and all. */
export const pageRoutes: Route[] = [
  route("GET", "/", (call) => see(call, "")),
  route("GET", "/browse/:issue", (call) => see(call, `issues/${issueOf(call).key}`)),
  route("GET", "/__simulator", (call) =>
    shown(
      call,
      "Issues",
      "Issues",
      issueList(
        call.jira.state,
        call.query.get("q") ?? "",
        Number(call.query.get("page") ?? 0),
        usualPerson(call),
      ),
    ),
  ),
  route("GET", "/__simulator/issues/:issue", (call) => {
    const issue = issueOf(call);
    return shown(
      call,
      "Issues",
      issue.key,
      issuePage(call.jira.state, issue, call.query.get("as") ?? usualPerson(call)),
    );
  }),
  route("POST", "/__simulator/issues", (call) => {
    const { state } = call.jira;
    const project = findProject(state, said(call, "project"));
    if (!project) throw refusal(400, "no such project");
    const { summary = "" } = readFields(
      { state, project },
      { summary: said(call, "summary") },
      {},
      { labels: [] },
    );
    return seeIssue(call, createIssue(state, person(call), project, { summary }));
  }),
  route("POST", "/__simulator/issues/:issue", (call) => {
    const { state } = call.jira;
    const issue = issueOf(call);
    const fields = {
      summary: said(call, "summary"),
      // Browsers send CRLF whatever was in the box; the person did not type it.
      description: said(call, "description").replaceAll("\r\n", "\n"),
      labels: labelSet(said(call, "labels").split(/\s+/)),
      priority: { name: said(call, "priority") },
    };
    const values = readFields({ state, project: projectOf(state, issue) }, fields, {}, issue);
    return seeIssue(call, editIssue(state, person(call), issue, values));
  }),
  route("POST", "/__simulator/issues/:issue/transitions", (call) => {
    const issue = issueOf(call);
    return seeIssue(
      call,
      transitionIssue(call.jira.state, person(call), issue, said(call, "transition")),
    );
  }),
  route("POST", "/__simulator/issues/:issue/comments", (call) => {
    const issue = issueOf(call);
    addComment(call.jira.state, person(call), issue, {
      body: said(call, "body").replaceAll("\r\n", "\n"),
    });
    return seeIssue(call, issue);
  }),
  route("POST", "/__simulator/issues/:issue/comments/:comment/delete", (call) => {
    const issue = issueOf(call);
    const by = person(call);
    deleteComment(call.jira.state, by, issue, findComment(by, issue, param(call, "comment")));
    return seeIssue(call, issue);
  }),
  route("POST", "/__simulator/issues/:issue/delete", (call) => {
    deleteIssue(call.jira.state, person(call), issueOf(call));
    return see(call, "");
  }),
  route("GET", "/__simulator/received", (call) => {
    const { body, head } = receivedPage(call.jira.writes, call.query.has("live"));
    return shown(call, "Writes received", "Writes received", body, head);
  }),
  route("POST", "/__simulator/received", (call) => {
    clearWriteLog(call.jira.writes);
    return see(call, "received");
  }),
  route("GET", "/__simulator/troubles", (call) =>
    shown(call, "Faults", "Faults", faultsPage(call.jira.faults)),
  ),
  route("POST", "/__simulator/troubles", (call) => {
    applyFaults(call.jira, readFaultsForm(form(call), call.jira.faults));
    return see(call, "troubles");
  }),
  route("GET", "/__simulator/instance", (call) =>
    shown(call, "Instance", "Instance", instancePage(call.jira)),
  ),
  route("POST", "/__simulator/instance/version", (call) => {
    const version = said(call, "version");
    if (!isVersion(version)) throw refusal(400, "no such version");
    call.jira.state.personality = PERSONALITIES[version];
    call.jira.state.changed();
    return see(call, "instance");
  }),
  route("POST", "/__simulator/instance/clones", async (call) => {
    await call.jira.startClone();
    return see(call, "instance");
  }),
  route("POST", "/__simulator/instance/backups", (call) => {
    takeBackup(call.jira);
    return see(call, "instance");
  }),
  route("POST", "/__simulator/instance/backups/:backup/restore", (call) => {
    restoreBackup(call.jira, param(call, "backup"));
    return see(call, "instance");
  }),
  route("POST", "/__simulator/instance/captchas/:user", (call) => {
    solveCaptcha(call.jira, param(call, "user"));
    return see(call, "instance");
  }),
];

function baseOf({ jira }: Call): string {
  return `${jira.contextPath}/__simulator/`;
}

function shown(call: Call, tab: Tab, title: string, body: Html, head?: Html): Answer {
  return page(call.jira.state.name, baseOf(call), tab, title, body, head);
}

function see(call: Call, path: string): Answer {
  return { status: 303, headers: { Location: `${baseOf(call)}${path}` } };
}

/** Back to the issue, with the same person chosen again. */
function seeIssue(call: Call, { key }: Issue): Answer {
  return see(call, `issues/${key}?${new URLSearchParams({ as: said(call, "as") })}`);
}

function issueOf(call: Call): Issue {
  const issue = findIssue(call.jira.state, param(call, "issue"));
  if (!issue) throw issueGone();
  return issue;
}

function form({ body }: Call): URLSearchParams {
  return body instanceof URLSearchParams ? body : new URLSearchParams();
}

function said(call: Call, name: string): string {
  return form(call).get(name) ?? "";
}

function person(call: Call): User {
  const user = findUser(call.jira.state, said(call, "as"));
  if (!user) throw refusal(400, "no such person");
  return user;
}

/** What a console's account is called in every seed: an edit by it would be no person's edit. */
const SYNC_ACCOUNT = "exalate";

/** The first one who is neither a console's account nor an administrator: most likely a person. */
function usualPerson({ jira }: Call): string {
  const people = [...jira.state.users.values()];
  const others = people.filter(({ name }) => name !== SYNC_ACCOUNT);
  return (others.find(({ admin }) => !admin) ?? others[0] ?? people[0])?.name ?? "";
}
