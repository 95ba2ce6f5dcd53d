import { statusOf, transitionsOf } from "@/e2e/simulators/jira-data-center/issues";
import { choice, type Html, html } from "@/e2e/simulators/jira-data-center/pages/html";
import { clock } from "@/e2e/simulators/jira-data-center/pages/issue-list";
import type { ChangeGroup, Comment, Issue } from "@/e2e/simulators/jira-data-center/records";
import { type JiraState, projectOf, userByKey } from "@/e2e/simulators/jira-data-center/state";

/** Everything about one issue, to read and to change as one of its people. */
export function issuePage(state: JiraState, issue: Issue, as: string): Html {
  const project = projectOf(state, issue);
  const people = [...state.users.values()].map(({ name }) => name);
  const priority = project.priorities.find(({ id }) => id === issue.priorityId)?.name ?? "";
  const here = `issues/${issue.key}`;
  const properties = Object.entries(issue.properties);
  return html`
<h2>${issue.key} · ${issue.summary}</h2>
<p><span class="chip">${statusOf(project, issue.statusId).name}</span> <span class="chip">${priority}</span>
<span class="quiet">reported by ${userByKey(state, issue.reporterKey).displayName}, created ${clock(issue.createdAt)}, updated ${clock(issue.updatedAt)} UTC</span></p>
<form class="row" method="post" action="${here}/transitions"><label>As ${choice("as", people, as)}</label>
${transitionsOf(state, issue).map(({ id, name, to }) => html`<button name="transition" value="${id}" title="to ${to}">${name}</button>`)}</form>
<form class="grid" method="post" action="${here}">
<label>Summary <input name="summary" value="${issue.summary}" required maxlength="254"></label>
<label>Description <textarea name="description" rows="6">
${issue.description ?? ""}</textarea></label>
<label>Labels, separated by spaces <input name="labels" value="${issue.labels.join(" ")}"></label>
<label>Priority ${choice(
    "priority",
    project.priorities.map(({ name }) => name),
    priority,
  )}</label>
<label>As ${choice("as", people, as)}</label><div><button class="main">Save</button></div></form>
<h3>Comments</h3>${issue.comments.map((comment) => commentBox(state, here, comment, as))}
<form class="grid" method="post" action="${here}/comments"><label>New comment <textarea name="body" required></textarea></label>
<label>Author ${choice("as", people, as)}</label><div><button class="main">Add comment</button></div></form>
<h3>Changelog</h3><table><thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">From</th><th scope="col">To</th></tr></thead>
<tbody>${issue.changes.toReversed().map((group) => changeRows(state, group))}</tbody></table>
${properties.length > 0 && html`<h3>Properties</h3><pre>${JSON.stringify(issue.properties, null, 2)}</pre>`}
<h3>Remove</h3><form class="row" method="post" action="${here}/delete"><label>As ${choice("as", people, as)}</label><button>Delete ${issue.key}</button></form>`;
}

function commentBox(state: JiraState, here: string, comment: Comment, as: string): Html {
  const author = userByKey(state, comment.authorKey).displayName;
  const edited = comment.updatedAt !== comment.createdAt && `, edited ${clock(comment.updatedAt)}`;
  const restricted = comment.visibility && ` · only for ${comment.visibility.value}`;
  return html`<form method="post" action="${here}/comments/${comment.id}/delete"><input type="hidden" name="as" value="${as}">
<div class="quiet">${author}, ${clock(comment.createdAt)}${edited}${restricted} <button aria-label="Delete comment ${comment.id}">Delete</button></div>
<div class="comment">${comment.body}</div></form>`;
}

function changeRows(state: JiraState, { items, authorKey, createdAt }: ChangeGroup): Html[] {
  const who = userByKey(state, authorKey).displayName;
  return items.map(
    (item) =>
      html`<tr><td class="quiet">${clock(createdAt)}</td><td>${who}</td><td>${item.field}</td><td>${item.fromString ?? ""}</td><td>${item.toString ?? ""}</td></tr>`,
  );
}
