import type { FieldMapping } from "@/lib/sync/mapping-schema";
import type { Markup } from "@/lib/sync/markup/neutral";
import { translateMarkup } from "@/lib/sync/markup/translate";
import type { Side } from "@/lib/sync/plan-types";
import type { FieldValue } from "@/lib/sync/replica";

/** What is known of the two sides beside the issue itself, when values are translated. */
export type Terms = {
  markup: Record<Side, Markup>;
  /** Per side to which: the key there of somebody by the key here; null for nobody. Absent: not looked for. */
  people: Record<Side, ReadonlyMap<string, string | null>>;
};

/**
 * A value in the other side's terms; `undefined` when it has no counterpart there. Of a set only what has
 * one: what has none stays at home.
 */
export function translate(
  row: FieldMapping,
  value: FieldValue,
  to: Side,
  terms: Terms,
): FieldValue | undefined {
  if (value === null) return null;
  const otherwise = row.otherwise?.[to === "remote" ? "toRemote" : "toLocal"];
  const table = row.values?.[to === "remote" ? "toRemote" : "toLocal"];
  const listed = (each: string) =>
    !table ? each : Object.hasOwn(table, each) ? table[each] : undefined;
  if (Array.isArray(value))
    return [...new Set(value.map(listed).filter((each) => each !== undefined))];
  if (row.kind === "user") return terms.people[to].get(value) ?? undefined;
  if (row.kind === "markup") return translateText(value, to, terms);
  return listed(value) ?? otherwise;
}

/** Markups that an administrator of an instance changes one for the other. */
const CHOSEN: readonly Markup[] = ["textile", "markdown"];

/** A text as `translateText` made it before, whichever formatting was chosen for either side then. */
export function earlierTranslations(text: string, to: Side, terms: Terms): string[] {
  const could = (side: Side) => (CHOSEN.includes(terms.markup[side]) ? CHOSEN : []);
  const markups = [
    ...could("local").map((local) => ({ ...terms.markup, local })),
    ...could("remote").map((remote) => ({ ...terms.markup, remote })),
  ];
  return markups.map((markup) => translateText(text, to, { ...terms, markup }));
}

/** A text in the other side's markup, people in it named as they are there. */
export function translateText(text: string, to: Side, terms: Terms): string {
  const from = to === "remote" ? "local" : "remote";
  const names = terms.people[to];
  return translateMarkup(
    text,
    terms.markup[from],
    terms.markup[to],
    (name) => names.get(name) ?? null,
  ).text;
}
