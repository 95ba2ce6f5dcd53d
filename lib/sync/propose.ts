import type { FieldDescription, SideDescription } from "@/lib/sync/description";
import {
  type Direction,
  type FieldMapping,
  type Mapping,
  mappingSchema,
} from "@/lib/sync/mapping-schema";
import type { FieldKind } from "@/lib/sync/replica";

/** Names that mean one thing in different trackers, each group from the commonest word on. */
const SYNONYMS = [
  ["open", "new", "to do", "todo", "backlog", "reported", "created"],
  ["in progress", "working", "doing", "started", "assigned", "selected for development"],
  ["in review", "review", "feedback", "in test", "testing", "waiting"],
  ["resolved", "fixed", "solved"],
  ["done", "closed", "complete", "completed", "finished"],
  ["rejected", "declined", "cancelled", "canceled", "won't do", "won't fix"],
  ["highest", "blocker", "immediate", "p0"],
  ["high", "critical", "urgent", "p1"],
  ["medium", "normal", "major", "p2"],
  ["low", "minor", "p3"],
  ["lowest", "trivial", "p4"],
  ["bug", "defect", "incident", "error"],
  ["task", "support", "request", "service request"],
  ["story", "feature", "new feature", "improvement", "enhancement"],
];

/**
 * A first mapping of two sides: fields of one id or one name whose kinds agree, values of one name or of
 * names that usually mean the same. What has no counterpart is left out, for a person to add.
 */
export function propose(local: SideDescription, remote: SideDescription): Mapping {
  const taken = new Set<string>();
  const rows: FieldMapping[] = [];
  for (const here of local.fields) {
    const there = remote.fields.find((each) => !taken.has(each.id) && fits(here, each));
    const direction = there && directionOf(here, there);
    if (!there || !direction) continue;
    taken.add(there.id);
    const values = valuesOf(here.allowed, there.allowed);
    rows.push({
      local: here.id,
      remote: there.id,
      kind: commonKind(here.kind, there.kind) ?? here.kind,
      ...(here.id === here.name.toLowerCase() ? {} : { name: here.name }),
      direction,
      ...(values ? { values } : {}),
    });
  }
  // Time spent is often accounted for: that it travels, a person decides.
  return mappingSchema.parse({
    version: 2,
    fields: rows,
    attachments: "both",
    links: "both",
    subtasks: "both",
  });
}

/** One field under one id, such as `priority`, or two that people call the same. */
function fits(here: FieldDescription, there: FieldDescription): boolean {
  if (commonKind(here.kind, there.kind) === null) return false;
  // Only a transition sets a status: it corresponds to nothing else.
  if (here.id === "status" || there.id === "status") return here.id === there.id;
  return here.id === there.id || plain(here.name) === plain(there.name);
}

/** A text without markup may stand in a field with it; the other way round its marks would be read as text. */
function commonKind(here: FieldKind, there: FieldKind): FieldKind | null {
  if (here === there) return here;
  const texts: FieldKind[] = ["text", "markup"];
  return texts.includes(here) && texts.includes(there) ? "text" : null;
}

function directionOf(here: FieldDescription, there: FieldDescription): Direction | null {
  if (here.canWrite && there.canWrite) return "both";
  if (there.canWrite) return "to_remote";
  return here.canWrite ? "to_local" : null;
}

/** Undefined where every value is the same on both sides, or a side takes any. */
function valuesOf(here: string[] | null, there: string[] | null): FieldMapping["values"] {
  if (!here || !there) return undefined;
  if (here.length === there.length && here.every((value) => there.includes(value)))
    return undefined;
  return { toRemote: tableOf(here, there), toLocal: tableOf(there, here) };
}

function tableOf(from: string[], to: string[]): Record<string, string> {
  return Object.fromEntries(
    from.flatMap((value) => {
      const counterpart = counterpartOf(value, to);
      return counterpart === undefined ? [] : [[value, counterpart]];
    }),
  );
}

/** The same name, else the commonest of those that usually mean the same. */
function counterpartOf(value: string, among: string[]): string | undefined {
  const named = (word: string) => among.find((each) => plain(each) === word);
  const same = named(plain(value));
  if (same !== undefined) return same;
  const group = SYNONYMS.find((words) => words.includes(plain(value))) ?? [];
  return group.map(named).find((found) => found !== undefined);
}

function plain(name: string): string {
  return name.trim().toLowerCase().replaceAll("’", "'").replace(/\s+/g, " ");
}
