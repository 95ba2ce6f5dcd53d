import { worklogBean } from "@/e2e/simulators/jira-data-center/beans";
import {
  type Call,
  created,
  issueOf,
  noContent,
  objectBody,
  ok,
  pageOf,
  param,
  type Route,
  route,
  signedIn,
  slice,
} from "@/e2e/simulators/jira-data-center/call";
import { readDuration } from "@/e2e/simulators/jira-data-center/durations";
import { invalidFields, refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type { User } from "@/e2e/simulators/jira-data-center/records";
import { readVisibility } from "@/e2e/simulators/jira-data-center/routes/comments";
import { canRead, canSeeIssue } from "@/e2e/simulators/jira-data-center/state";
import {
  addWorklog,
  deleteWorklog,
  editWorklog,
  findWorklog,
  type WorklogValues,
} from "@/e2e/simulators/jira-data-center/worklogs";

export const worklogRoutes: Route[] = [
  route("GET", "/issue/:issue/worklog", (call) => {
    const issue = issueOf(call);
    const by = signedIn(call);
    const readable = issue.worklogs.filter((worklog) => canRead(by, worklog));
    const all = Math.max(readable.length, 1);
    const page = pageOf(call.query.get("startAt"), call.query.get("maxResults"), all, 5_000);
    const worklogs = slice(readable, page).map((one) => worklogBean(call.jira.state, issue, one));
    return ok({ ...page, total: readable.length, worklogs });
  }),
  route("POST", "/issue/:issue/worklog", (call) => {
    const { state } = call.jira;
    const by = signedIn(call);
    const issue = issueOf(call);
    const { comment = "", startedAt = state.now(), visibility = null, seconds } = readValues(call);
    if (seconds === undefined)
      throw invalidFields({ timeLogged: "You must indicate the time spent working." });
    const worklog = addWorklog(state, by, issue, { comment, startedAt, visibility, seconds });
    return created(worklogBean(state, issue, worklog));
  }),
  route("GET", "/issue/:issue/worklog/:worklog", (call) => {
    const { issue, worklog } = worklogOf(call);
    return ok(worklogBean(call.jira.state, issue, worklog));
  }),
  route("PUT", "/issue/:issue/worklog/:worklog", (call) => {
    const { state } = call.jira;
    const { by, issue, worklog } = worklogOf(call);
    mayChange(by, worklog.authorKey, "edit");
    const edited = editWorklog(state, by, issue, worklog, readValues(call));
    return ok(worklogBean(state, issue, edited));
  }),
  route("DELETE", "/issue/:issue/worklog/:worklog", (call) => {
    const { by, issue, worklog } = worklogOf(call);
    mayChange(by, worklog.authorKey, "delete");
    deleteWorklog(call.jira.state, by, issue, worklog);
    return noContent();
  }),
  route("GET", "/worklog/updated", (call) => {
    const { state } = call.jira;
    const all = [...state.issues.values()].flatMap(({ worklogs }) =>
      worklogs.map(({ id, updatedAt }) => ({ id, at: updatedAt })),
    );
    return feed(call, "updated", all);
  }),
  route("GET", "/worklog/deleted", (call) =>
    feed(call, "deleted", call.jira.state.deletedWorklogs),
  ),
  route("POST", "/worklog/list", (call) => {
    const { state } = call.jira;
    const by = signedIn(call);
    const { ids } = objectBody(call);
    if (!Array.isArray(ids)) throw refusal(400, "ids must be a list of numbers.");
    if (ids.length > FEED_PAGE) throw refusal(400, `At most ${FEED_PAGE} ids may be asked for.`);
    const wanted = new Set(ids.map(String));
    const found = [...state.issues.values()].flatMap((issue) =>
      issue.worklogs
        .filter((one) => wanted.has(one.id) && canRead(by, one) && canSeeIssue(state, by, issue))
        .map((one) => worklogBean(state, issue, one)),
    );
    return ok(found);
  }),
];

const FEED_PAGE = 1_000;
/** What is younger may still be on its way on another node, so the feeds leave it out. */
const YOUNGEST_MS = 60_000;

/** Ids of all issues, whoever may see them, oldest change first. */
function feed(call: Call, path: string, changes: { id: string; at: number }[]) {
  signedIn(call);
  const { state } = call.jira;
  const since = Number(call.query.get("since") ?? 0);
  if (!Number.isFinite(since)) throw refusal(400, "since must be a number of milliseconds.");
  const latest = state.now() - YOUNGEST_MS;
  const all = changes
    .filter(({ at }) => at >= since && at <= latest)
    .sort((one, other) => one.at - other.at);
  const values = all.slice(0, FEED_PAGE);
  const isLastPage = values.length === all.length;
  const until = isLastPage ? latest : (values.at(-1)?.at ?? latest);
  const self = (from: number) => `${state.baseUrl}/rest/api/2/worklog/${path}?since=${from}`;
  return ok({
    values: values.map(({ id, at }) => ({ worklogId: Number(id), updatedTime: at })),
    since,
    until,
    isLastPage,
    self: self(since),
    ...(isLastPage ? {} : { nextPage: self(until) }),
  });
}

function worklogOf(call: Call) {
  const issue = issueOf(call);
  const by = signedIn(call);
  return { by, issue, worklog: findWorklog(by, issue, param(call, "worklog")) };
}

function readValues(call: Call): Partial<WorklogValues> {
  const { comment, started, timeSpent, timeSpentSeconds, visibility } = objectBody(call);
  const values: Partial<WorklogValues> = {};
  if (comment !== undefined) values.comment = String(comment ?? "");
  if (visibility !== undefined) values.visibility = readVisibility(visibility);
  if (started !== undefined) {
    // Jira's own form only: milliseconds, and an offset without a colon.
    const isTimestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$/.test(String(started));
    const at = isTimestamp ? Date.parse(String(started).replace(/(\d\d)$/, ":$1")) : Number.NaN;
    if (Number.isNaN(at))
      throw refusal(400, `Unexpected character in started: "${started}" is not a valid date.`);
    values.startedAt = at;
  }
  if (timeSpentSeconds !== undefined) values.seconds = Math.floor(Number(timeSpentSeconds));
  if (typeof timeSpent === "string") values.seconds = readDuration(timeSpent);
  if (values.seconds !== undefined && !(values.seconds > 0))
    throw invalidFields({ timeLogged: "Time spent must be greater than zero." });
  return values;
}

function mayChange(by: User, authorKey: string, verb: string): void {
  if (by.admin || by.key === authorKey) return;
  throw refusal(400, `You do not have the permission to ${verb} this worklog.`);
}
