import { type Html, html } from "@/e2e/simulators/jira-data-center/pages/html";
import { clock } from "@/e2e/simulators/jira-data-center/pages/issue-list";
import type { ReceivedWrite, WriteLog } from "@/e2e/simulators/jira-data-center/write-log";

const SHOWN = 200;

/** The write log, newest first. Live, the page loads itself again every two seconds. */
export function receivedPage({ entries }: WriteLog, isLive: boolean): { body: Html; head: Html } {
  const newest = entries.slice(-SHOWN).reverse();
  const body = html`
<h2>Writes received</h2>
<p>${entries.length} since the log was last emptied${entries.length > SHOWN ? `, the last ${SHOWN} shown` : ""}.
${isLive ? html`<a href="received">Stop</a>` : html`<a href="received?live">Follow live</a>`}</p>
<table><thead><tr><th scope="col">#</th><th scope="col">Received (UTC)</th><th scope="col">User</th><th scope="col">Request</th><th scope="col">Permit</th><th scope="col">Answer</th></tr></thead>
<tbody>${newest.map(row)}</tbody></table>
<form class="row" method="post" action="received"><button>Empty the log</button></form>`;
  return { body, head: isLive ? html`<meta http-equiv="refresh" content="2">` : html`` };
}

function row(write: ReceivedWrite): Html {
  const { n, receivedAt, user, method, path, body, headers, status, outcome } = write;
  const time = `${clock(Date.parse(receivedAt))}${receivedAt.slice(19, 23)}`;
  return html`<tr><td>${n}</td><td class="quiet">${time}</td><td>${user}</td>
<td><details><summary><code>${method} ${path}</code></summary><pre>${JSON.stringify(body, null, 2) ?? "(no body)"}</pre></details></td>
<td><code>${headers["x-sync-permit"] ?? "none"}</code></td><td><span class="chip">${outcome === "answered" ? String(status) : outcome}</span></td></tr>`;
}
