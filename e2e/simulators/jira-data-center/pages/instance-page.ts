import type { Jira } from "@/e2e/simulators/jira-data-center/call";
import { needsCaptcha } from "@/e2e/simulators/jira-data-center/callers";
import { choice, type Html, html } from "@/e2e/simulators/jira-data-center/pages/html";
import { PERSONALITIES, VERSIONS } from "@/e2e/simulators/jira-data-center/personality";

/** Which Jira this is, and what an administrator does to all of it: copy it, or take it back to an earlier day. */
export function instancePage(jira: Jira): Html {
  const { state, backups, clones } = jira;
  const version =
    VERSIONS.find((each) => PERSONALITIES[each].version === state.personality.version) ?? "";
  const locked = [...state.users.values()].filter((user) => needsCaptcha(state, user));
  return html`
<h2>Instance</h2>
<p class="quiet">Server id ${state.serverId} · says it is at ${state.baseUrl} · ${state.issues.size} issues</p>
<form class="row" method="post" action="instance/version"><label>Version ${choice("version", [...VERSIONS], version)}</label><button>Change the version</button></form>
<h3>Clones</h3><p class="quiet">A clone begins with everything there is here, server id, people, tokens and webhooks included.</p>
<form class="row" method="post" action="instance/clones"><button class="main">Start a clone</button></form>
${clones.length > 0 && html`<ul>${clones.map(({ name, baseUrl }) => html`<li><a href="${baseUrl}/__simulator/">${name}</a> <span class="quiet">${baseUrl}</span></li>`)}</ul>`}
<h3>Backups</h3><p class="quiet">Kept until the simulator stops. Restoring one takes back all that happened since, ids included.</p>
<form class="row" method="post" action="instance/backups"><button class="main">Take a backup</button></form>
${
  backups.length > 0 &&
  html`<table><thead><tr><th scope="col">Taken</th><th scope="col">Issues</th><th scope="col">Restore</th></tr></thead><tbody>${backups
    .toReversed()
    .map(
      ({ id, takenAt, issues }) =>
        html`<tr><td>${takenAt}</td><td>${issues}</td><td><form method="post" action="instance/backups/${id}/restore"><button aria-label="Restore the backup of ${takenAt}">Restore</button></form></td></tr>`,
    )}</tbody></table>`
}
<h3>Refused passwords</h3>${
    locked.length === 0
      ? html`<p class="quiet">Nobody has to solve a CAPTCHA.</p>`
      : locked.map(
          ({ name }) =>
            html`<form class="row" method="post" action="instance/captchas/${name}"><button>Solve the CAPTCHA of ${name}</button></form>`,
        )
  }`;
}
