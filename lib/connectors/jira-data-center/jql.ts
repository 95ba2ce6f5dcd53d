import { jqlMinute } from "@/lib/connectors/jira-data-center/dates";

export type Place = { project: string; trigger?: string | undefined };

/** All issues of a project, whatever becomes of them. */
export function wholeProject({ project }: Place): string {
  return `project = ${quoted(project)}`;
}

/** Everything of a project that changed at or after `since`, oldest first. */
export function changedInProject(place: Place, since: Date, timeZone: string): string {
  return changed(wholeProject(place), since, timeZone);
}

/** What the connection's own search names and changed at or after `since`; null when it has no search. */
export function changedInTrigger({ trigger }: Place, since: Date, timeZone: string): string | null {
  const condition = trigger && withoutOrder(trigger);
  return condition ? changed(`(${condition})`, since, timeZone) : null;
}

/** Everything that the connection's own search names, newest first; null when it has no search. */
export function namedByTrigger({ trigger }: Place): string | null {
  const condition = trigger && withoutOrder(trigger);
  return condition ? `(${condition}) ORDER BY updated DESC, id DESC` : null;
}

/** Issues of the project with these words in a row in their summary; null when there is no word. */
export function withSummary(place: Place, summary: string): string | null {
  // What would end the phrase, or escape its end.
  const phrase = summary.replace(/["\\\s]+/g, " ").trim();
  return phrase
    ? `${wholeProject(place)} AND summary ~ ${quoted(`"${phrase}"`)} ORDER BY updated DESC, id DESC`
    : null;
}

/** Issues that the caller's own account created. Their order does not shift while one pages. */
export function createdByCaller({ project }: Place, since: Date, timeZone: string): string {
  const literal = jqlMinute(since, timeZone);
  return `project = ${quoted(project)} AND creator = currentUser() AND created >= "${literal}" ORDER BY created ASC, id ASC`;
}

/** These issues, wherever they are now. */
export function ofIds(ids: readonly string[]): string {
  return `id in (${ids.map((id) => (/^\d+$/.test(id) ? id : quoted(id))).join(", ")})`;
}

/** Those of these issues that the connection's own search names; null when it has no search. */
export function ofIdsInTrigger({ trigger }: Place, ids: readonly string[]): string | null {
  const condition = trigger && withoutOrder(trigger);
  return condition ? `(${condition}) AND ${ofIds(ids)}` : null;
}

function changed(condition: string, since: Date, timeZone: string): string {
  return `${condition} AND updated >= "${jqlMinute(since, timeZone)}" ORDER BY updated ASC, id ASC`;
}

/** People copy searches from Jira's address bar with an order of their own; words in quotes are left alone. */
function withoutOrder(jql: string): string {
  const blanked = jql.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, (text) =>
    '"'.repeat(text.length),
  );
  const order = blanked.search(/(?:^|[\s)"])order\s+by\s/i);
  if (order < 0) return jql.trim();
  const start = blanked.slice(order).search(/order/i) + order;
  return jql.slice(0, start).trim();
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
