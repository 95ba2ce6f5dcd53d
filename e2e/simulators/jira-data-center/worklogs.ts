import { changeItem } from "@/e2e/simulators/jira-data-center/changes";
import { timeSpent } from "@/e2e/simulators/jira-data-center/durations";
import { recordChange } from "@/e2e/simulators/jira-data-center/issues";
import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type { Issue, User, Visibility, Worklog } from "@/e2e/simulators/jira-data-center/records";
import { canRead, type JiraState, nextId, putIssue } from "@/e2e/simulators/jira-data-center/state";

export type WorklogValues = {
  comment: string;
  seconds: number;
  startedAt: number;
  visibility: Visibility | null;
};

/** Bumps the issue's `updated` and writes into its changelog: time spent, and the worklog's id. */
export function addWorklog(
  state: JiraState,
  by: User,
  issue: Issue,
  values: WorklogValues,
): Worklog {
  const at = state.now();
  const worklog: Worklog = {
    id: nextId(state, "worklog"),
    authorKey: by.key,
    updateAuthorKey: by.key,
    createdAt: at,
    updatedAt: at,
    ...values,
  };
  tell(state, by, issue, [...issue.worklogs, worklog], "worklog_created", worklog);
  return worklog;
}

export function editWorklog(
  state: JiraState,
  by: User,
  issue: Issue,
  worklog: Worklog,
  values: Partial<WorklogValues>,
): Worklog {
  const edited = { ...worklog, ...values, updateAuthorKey: by.key, updatedAt: state.now() };
  const worklogs = issue.worklogs.map((old) => (old.id === worklog.id ? edited : old));
  tell(state, by, issue, worklogs, "worklog_updated", edited);
  return edited;
}

export function deleteWorklog(state: JiraState, by: User, issue: Issue, worklog: Worklog): void {
  state.deletedWorklogs.push({ id: worklog.id, at: state.now() });
  const worklogs = issue.worklogs.filter(({ id }) => id !== worklog.id);
  tell(state, by, issue, worklogs, "worklog_deleted", worklog);
}

/** One that the user may read; any other is a 404. */
export function findWorklog(user: User, issue: Issue, id: string): Worklog {
  const worklog = issue.worklogs.find((candidate) => candidate.id === id);
  if (worklog && canRead(user, worklog)) return worklog;
  throw refusal(404, `Cannot find worklog with id: '${id}'.`);
}

function tell(
  state: JiraState,
  by: User,
  issue: Issue,
  worklogs: Worklog[],
  event: "worklog_created" | "worklog_updated" | "worklog_deleted",
  worklog: Worklog,
): void {
  const at = state.now();
  const text = (seconds: number) => ({
    id: seconds ? String(seconds) : null,
    text: seconds ? String(seconds) : null,
  });
  const items = [
    changeItem("timespent", text(timeSpent(issue)), text(timeSpent({ worklogs }))),
    changeItem(
      "WorklogId",
      event === "worklog_created" ? { id: null, text: null } : { id: worklog.id, text: worklog.id },
      event === "worklog_created" ? { id: worklog.id, text: worklog.id } : { id: null, text: null },
    ),
  ];
  const { issue: changed, change } = recordChange(state, by, { ...issue, worklogs }, items, { at });
  putIssue(state, changed);
  state.happened({ event, issue: changed, by, at, worklog, change });
}
