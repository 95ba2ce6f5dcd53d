import { commentBean, userBean, worklogBean } from "@/e2e/simulators/jira-data-center/beans";
import { issueBean, WHOLE_ISSUE } from "@/e2e/simulators/jira-data-center/issue-bean";
import { linkTypeOf } from "@/e2e/simulators/jira-data-center/links";
import type { Happening, JiraState } from "@/e2e/simulators/jira-data-center/state";

/** One request to each hook that wants the event; `afterMs` is how much later than the one before it. */
export type Payload = { event: string; afterMs: number; body: Record<string, unknown> };

/**
 * What Jira Data Center 10 sends. A comment fires two: `comment_created` with neither issue nor user (the issue is
 * only in the comment's self link), and `jira:issue_updated` about 10 ms later, which has no changelog.
 */
export function payloadsOf(state: JiraState, happening: Happening): Payload[] {
  const { at } = happening;
  const issue = issueBean(state, happening.issue, WHOLE_ISSUE, null);
  const user = userBean(state, happening.by);
  const about = (event: string, more: Record<string, unknown>, afterMs = 0): Payload => ({
    event,
    afterMs,
    body: { timestamp: at + afterMs, webhookEvent: event, ...more },
  });

  switch (happening.event) {
    case "issue_created":
      return [about("jira:issue_created", { issue_event_type_name: "issue_created", user, issue })];
    case "issue_updated": {
      const { id, items } = happening.change;
      const changelog = { id, items };
      return [
        about("jira:issue_updated", {
          issue_event_type_name: happening.type,
          user,
          issue,
          changelog,
        }),
      ];
    }
    case "issue_deleted":
      return [about("jira:issue_deleted", { user, issue })];
    case "worklog_created":
    case "worklog_updated":
    case "worklog_deleted": {
      const worklog = worklogBean(state, happening.issue, happening.worklog);
      const { id, items } = happening.change;
      const issue_event_type_name = WORKLOG_EVENT_TYPES[happening.event];
      return [
        about(happening.event, { worklog }),
        about(
          "jira:issue_updated",
          { issue_event_type_name, user, issue, changelog: { id, items } },
          SECOND_HOOK_MS,
        ),
      ];
    }
    case "issuelink_created":
    case "issuelink_deleted": {
      const { link } = happening;
      const { id, name, outward, inward } = linkTypeOf(state, link);
      // Numbers, no keys and no user.
      const issueLink = {
        id: Number(link.id),
        sourceIssueId: Number(link.sourceId),
        destinationIssueId: Number(link.destinationId),
        issueLinkType: {
          id: Number(id),
          name,
          outwardName: outward,
          inwardName: inward,
          isSubTaskLinkType: false,
          isSystemLinkType: false,
        },
        systemLink: false,
      };
      return [about(happening.event, { issueLink })];
    }
    default: {
      const comment = commentBean(state, happening.issue, happening.comment);
      const type = ISSUE_EVENT_TYPES[happening.event];
      const told = happening.event === "comment_created" ? { comment } : { user, comment };
      const kept = happening.event === "comment_deleted" ? {} : { comment };
      return [
        about(happening.event, told),
        about(
          "jira:issue_updated",
          { issue_event_type_name: type, user, issue, ...kept },
          SECOND_HOOK_MS,
        ),
      ];
    }
  }
}

const SECOND_HOOK_MS = 10;

const WORKLOG_EVENT_TYPES = {
  worklog_created: "issue_work_logged",
  worklog_updated: "issue_worklog_updated",
  worklog_deleted: "issue_worklog_deleted",
};

const ISSUE_EVENT_TYPES = {
  comment_created: "issue_commented",
  comment_updated: "issue_comment_edited",
  comment_deleted: "issue_comment_deleted",
};
