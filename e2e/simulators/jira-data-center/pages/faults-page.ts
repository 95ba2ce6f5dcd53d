import {
  type Faults,
  type FaultsInput,
  faultsBody,
} from "@/e2e/simulators/jira-data-center/faults";
import {
  choice,
  type Html,
  html,
  Html as Safe,
} from "@/e2e/simulators/jira-data-center/pages/html";

const STATES = ["RUNNING", "STARTING", "STOPPING", "MAINTENANCE", "ERROR"];

/** The faults a person wants by hand. The others are for the control API. */
export function faultsPage(faults: Faults): Html {
  const { webhooks } = faults;
  return html`
<h2>Faults</h2>
<form class="grid" method="post" action="troubles">
${check("unavailable", "Cut every connection, as if the server were down", faults.unavailable ?? false)}
<label>State ${choice("state", STATES, faults.state ?? "RUNNING")}</label>
${number("latencyMs", "Wait before each request (ms)", plain(faults.latencyMs))}
${number("writeLatencyMs", "Wait before each write lands (ms)", plain(faults.writeLatencyMs))}
${number("answerLatencyMs", "Wait after each write landed, before it is answered (ms)", plain(faults.answerLatencyMs))}
${number("landThenBreak", "Writes that land and then lose their connection: the next", faults.landThenBreak?.next)}
${number("breakBeforeLanding", "Writes that lose their connection and do not land: the next", faults.breakBeforeLanding?.next)}
${number("unavailable503", "Requests answered 503: the next", faults.status?.next)}
${number("malformed", "Requests answered with something that is not JSON: the next", faults.malformed?.next)}
${number("dropPercent", "Webhooks lost (%)", webhooks?.dropPercent)}
${number("duplicatePercent", "Webhooks sent twice (%)", webhooks?.duplicatePercent)}
${number("delayMs", "Webhooks late by (ms)", webhooks?.delayMs)}
${check("reorder", "Webhooks out of order", webhooks?.reorder ?? false)}
${number("indexLagMs", "Search index late by (ms)", faults.indexLagMs)}
${number("secondNodeLagMs", "A second node, answering every other request, with its index late by (ms)", faults.nodes?.[1]?.indexLagMs)}
${number("rateLimit", "Requests of each user within ten seconds before 429 (0 for no limit)", faults.rateLimit?.capacity)}
<div><button class="main">Apply</button> <button name="normal" value="yes">Everything normal</button></div>
</form>
<h3>In force</h3><pre>${JSON.stringify(faults, null, 2)}</pre>`;
}

/** What the form says; faults that it has no field for stay as they are. */
export function readFaultsForm(form: URLSearchParams, current: Faults): Faults {
  if (form.has("normal")) return {};
  const count = (name: string) => Math.max(0, Math.floor(Number(form.get(name)) || 0));
  const next = (name: string) => (count(name) > 0 ? { next: count(name) } : undefined);
  const said: FaultsInput = {
    unavailable: form.has("unavailable"),
    state: form.get("state") as Faults["state"],
    latencyMs: count("latencyMs"),
    writeLatencyMs: count("writeLatencyMs"),
    answerLatencyMs: count("answerLatencyMs"),
    landThenBreak: next("landThenBreak"),
    breakBeforeLanding: next("breakBeforeLanding"),
    status: count("unavailable503") > 0 ? { next: count("unavailable503"), code: 503 } : undefined,
    malformed: next("malformed"),
    webhooks: {
      dropPercent: count("dropPercent"),
      duplicatePercent: count("duplicatePercent"),
      delayMs: count("delayMs"),
      reorder: form.has("reorder"),
    },
    indexLagMs: count("indexLagMs"),
    nodes:
      count("secondNodeLagMs") > 0
        ? [{ id: "node1" }, { id: "node2", indexLagMs: count("secondNodeLagMs") }]
        : [],
    rateLimit:
      count("rateLimit") > 0
        ? { capacity: count("rateLimit"), fillRate: count("rateLimit"), intervalSeconds: 10 }
        : null,
  };
  return { ...current, ...faultsBody.parse(said) };
}

function number(name: string, label: string, value: number | undefined): Html {
  return html`<label>${label} <input type="number" min="0" name="${name}" value="${value ?? 0}"></label>`;
}

function check(name: string, label: string, isOn: boolean): Html {
  return html`<label class="inline"><input type="checkbox" name="${name}" ${isOn && new Safe("checked")}> ${label}</label>`;
}

function plain(latency: Faults["latencyMs"]): number | undefined {
  return typeof latency === "object" ? latency.max : latency;
}
