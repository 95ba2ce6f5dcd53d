import type { OpenSide } from "@/lib/connectors/connector";
import { type Kept, keeping } from "@/lib/kept";
import type { Mapping } from "@/lib/sync/mapping-schema";
import { mentionsIn } from "@/lib/sync/markup/translate";
import { otherSide, type Readings, type Side } from "@/lib/sync/plan-types";
import type { IssueReading, Person } from "@/lib/sync/replica";
import type { Terms } from "@/lib/sync/translate";

/** Who corresponds to whom is asked again after this time. */
const KEEP_MS = 10 * 60_000;

/** Looks people up at an instance, and remembers who they are for a while. */
export type Directory = (query: Parameters<OpenSide["findPerson"]>[0]) => Promise<Person | null>;

/** A directory of one side that asks for each person once in a while. */
export function rememberingDirectory(side: Pick<OpenSide, "findPerson">): Directory {
  const kept: Kept<string, Person | null> = new Map();
  return (query) => keeping(kept, JSON.stringify(query), KEEP_MS, () => side.findPerson(query));
}

export type PeopleContext = {
  mapping: Mapping;
  terms: Pick<Terms, "markup">;
  directories: Record<Side, Directory>;
};

/** The counterparts of everybody who stands in a field that travels, or is addressed in a text. */
export async function peopleOf(
  context: PeopleContext,
  readings: Readings,
): Promise<Terms["people"]> {
  const [local, remote] = await Promise.all([
    counterparts(context, readings.remote, "local"),
    counterparts(context, readings.local, "remote"),
  ]);
  return { local, remote };
}

async function counterparts(
  context: PeopleContext,
  reading: IssueReading | null,
  to: Side,
): Promise<Map<string, string | null>> {
  const found = new Map<string, string | null>();
  if (!reading) return found;
  const from = otherSide(to);
  const known = new Map(reading.people.map((person) => [person.key, person]));
  const keys = new Set([...known.keys(), ...mentioned(context, reading, from)]);
  for (const key of keys)
    found.set(key, await counterpart(context, known.get(key) ?? null, key, from, to));
  return found;
}

function mentioned({ mapping, terms }: PeopleContext, reading: IssueReading, from: Side): string[] {
  const texts = mapping.fields.flatMap((row) => {
    const value = row.kind === "markup" ? reading.fields[row[from]] : null;
    return typeof value === "string" ? [value] : [];
  });
  const bodies = mapping.comments === "none" ? [] : reading.comments.map(({ body }) => body);
  return [...texts, ...bodies].flatMap((text) => mentionsIn(text, terms.markup[from]));
}

/** By the table, else by address or name as the mapping allows, else whoever stands for everybody. */
async function counterpart(
  { mapping: { people }, directories }: PeopleContext,
  reading: Person | null,
  key: string,
  from: Side,
  to: Side,
): Promise<string | null> {
  const listed = people.table.find((row) => row[from] === key);
  if (listed) return listed[to];
  const person = reading ?? (people.by.length > 0 ? await directories[from]({ key }) : null);
  for (const how of people.by) {
    const value = person?.[how];
    const there = value && (await directories[to]({ [how]: value } as { email: string }));
    if (there) return there.key;
  }
  return people.otherwise[to];
}
