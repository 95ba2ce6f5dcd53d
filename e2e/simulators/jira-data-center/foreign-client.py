"""Debian's python3-jira against the simulator at argv[1]: through its own idea of each deed. Prints what it did."""

import io
import sys

from jira import JIRA, JIRAError

base, webhook = sys.argv[1:]
jira = JIRA(base, token_auth="mia-token", max_retries=0)
done = []


def did(deed, good):
    if not good:
        raise SystemExit(f"{deed} went wrong")
    done.append(deed)


issue = jira.create_issue(
    project="ABC", summary="From Python", issuetype={"name": "Task"}, description="ü"
)
did("create", issue.key.startswith("ABC-"))
did("read", jira.issue(issue.key).fields.description == "ü")
did("search", [found.key for found in jira.search_issues(f"key = {issue.key}")] == [issue.key])
issue.update(summary="Changed", labels=[{"add": "a"}])
did("edit", jira.issue(issue.key).fields.summary == "Changed")
jira.transition_issue(issue, "11")
did("transition", jira.issue(issue.key).fields.status.name == "In Progress")
comment = jira.add_comment(issue, "hello")
comment.update(body="edited")
did("comment", jira.comment(issue, comment.id).body == "edited")
worklog = jira.add_worklog(issue, timeSpent="1h")
did("worklog", jira.worklog(issue, worklog.id).timeSpentSeconds == 3600)
attachment = jira.add_attachment(issue, io.BytesIO("größe".encode()), filename="ü.txt")
got = jira.attachment(attachment.id)
did("attach", got.filename == "ü.txt" and got.get().decode() == "größe")
other = jira.create_issue(project="ABC", summary="Other", issuetype={"name": "Task"})
jira.create_issue_link("Blocks", issue, other)
did("link", jira.issue(issue.key).fields.issuelinks[0].outwardIssue.key == other.key)
jira.add_watcher(issue, "admin")
did("watch", [each.name for each in jira.watchers(issue).watchers] == ["admin"])
jira.add_issue_property(issue, "sync", {"id": 1})
did("property", jira.issue_property(issue, "sync").value.id == 1)
jira.add_simple_link(issue, {"url": "http://example.com/1", "title": "elsewhere"})
did("remote link", jira.remote_links(issue)[0].object.title == "elsewhere")
issue.delete()
try:
    jira.issue(issue.key)
    did("delete", False)
except JIRAError as error:
    did("delete", error.status_code == 404)
print(",".join(done))
