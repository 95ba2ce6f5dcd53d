import { statusOf } from "@/e2e/simulators/jira-data-center/issues";
import type { Html } from "@/e2e/simulators/jira-data-center/pages/html";
import { choice, html } from "@/e2e/simulators/jira-data-center/pages/html";
import type { Issue } from "@/e2e/simulators/jira-data-center/records";
import { type JiraState, projectOf } from "@/e2e/simulators/jira-data-center/state";

const SHOWN = 50;

/** The issues changed last, or those whose key, summary or labels contain the words. */
export function issueList(state: JiraState, words: string, pageNumber: number, as: string): Html {
  const wanted = words.toLowerCase();
  const matching = [...state.issues.values()]
    .filter(({ key, summary, labels }) =>
      `${key} ${summary} ${labels.join(" ")}`.toLowerCase().includes(wanted),
    )
    .sort((one, other) => other.updatedAt - one.updatedAt || Number(other.id) - Number(one.id));
  const first = pageNumber * SHOWN;
  const visible = matching.slice(first, first + SHOWN);
  const link = (number: number) => `?${new URLSearchParams({ q: words, page: String(number) })}`;
  return html`
<form class="row" role="search"><label>Find issues <input type="search" name="q" value="${words}" size="36"></label><button>Search</button></form>
<p class="quiet">${matching.length} ${matching.length === 1 ? "issue" : "issues"}${
    matching.length > SHOWN ? `, ${first + 1} to ${first + visible.length} shown` : ""
  }
${pageNumber > 0 && html`<a href="${link(pageNumber - 1)}">Earlier page</a> `}${
  first + SHOWN < matching.length && html`<a href="${link(pageNumber + 1)}">Next page</a>`
}</p>
<table><thead><tr><th scope="col">Key</th><th scope="col">Summary</th><th scope="col">Status</th><th scope="col">Priority</th><th scope="col">Updated</th></tr></thead>
<tbody>${visible.map((issue) => row(state, issue))}</tbody></table>
${state.projects.size > 0 && newIssue(state, as)}`;
}

function row(state: JiraState, issue: Issue): Html {
  const project = projectOf(state, issue);
  return html`<tr><td><a href="issues/${issue.key}">${issue.key}</a></td><td>${issue.summary}</td>
<td><span class="chip">${statusOf(project, issue.statusId).name}</span></td>
<td>${project.priorities.find(({ id }) => id === issue.priorityId)?.name ?? ""}</td><td class="quiet">${clock(issue.updatedAt)}</td></tr>`;
}

function newIssue(state: JiraState, as: string): Html {
  const keys = [...state.projects.values()].map(({ key }) => key);
  const people = [...state.users.values()].map(({ name }) => name);
  return html`<h2>New issue</h2><form class="row" method="post" action="issues">
<label>Project ${choice("project", keys, keys[0] ?? "")}</label><label>Summary <input name="summary" required maxlength="254" size="48"></label>
<label>As ${choice("as", people, as)}</label><button class="main">Create</button></form>`;
}

/** UTC to the second, for people who compare it with a log. */
export function clock(at: number): string {
  return new Date(at).toISOString().replace("T", " ").slice(0, 19);
}
