import type { Random } from "@/e2e/chaos/random";
import type { Comparison } from "@/e2e/convergence/compare";
import { customField } from "@/e2e/convergence/jira";
import type { Journal } from "@/e2e/convergence/journal";
import type { SideName } from "@/e2e/convergence/seen";
import type { Person } from "@/e2e/simulators/jira-data-center/client";
import { type Both, COUNTERPARTS, PEOPLE } from "@/e2e/trackers/both";
import type { RedmineClient } from "@/e2e/trackers/redmine/client";
import { KEYS } from "@/e2e/trackers/redmine/server";

/** How often people do what, out of the sum. */
const WEIGHTS = {
  summary: 10,
  description: 8,
  status: 10,
  priority: 8,
  "due date": 6,
  person: 6,
  lists: 6,
  custom: 14,
  comment: 12,
  "private comment": 3,
  file: 4,
  work: 4,
  link: 3,
  issue: 4,
} as const;
export type Kind = keyof typeof WEIGHTS;

export type Minds = {
  both: Both;
  random: Random;
  journal: Journal;
  pairs: Comparison["pairs"];
  done: Partial<Record<Kind, number>>;
  /** How often a tracker refused, or was away. */
  refused: number;
  words: number;
};

/** One thing that somebody does, as each tracker takes it, and its value in Jira's words. */
type Edit = {
  field: string;
  value: string;
  jira: Record<string, unknown>;
  redmine: Record<string, unknown>;
};

const NAMES = Object.keys(PEOPLE) as (keyof typeof PEOPLE)[];

/** One person does one thing at one of the two trackers. */
export async function doSomething(minds: Minds): Promise<void> {
  const { random, both } = minds;
  const name = random.pick(NAMES);
  const kind = random.weighted(WEIGHTS);
  // Two versions that were added at once, one at each side, are one too many for Redmine: a person has to choose.
  const side: SideName = kind === "lists" || random.chance(0.5) ? "local" : "remote";
  const pair = random.pick(minds.pairs);
  const other = random.pick(minds.pairs);
  const deed: Deed = { minds, kind, pair, other, word: `${kind} ${++minds.words}` };
  try {
    if (side === "local") await inJira(deed, both.jira.as(`${name}-token`));
    else await inRedmine(deed, both.redmineAs(KEYS[name]));
    minds.done[kind] = (minds.done[kind] ?? 0) + 1;
  } catch (error) {
    if (error instanceof TypeError && !/fetch failed|terminated/.test(error.message)) throw error;
    minds.refused += 1;
  }
}

type Pair = Comparison["pairs"][number];
type Deed = { minds: Minds; kind: Kind; pair: Pair; other: Pair; word: string };

async function inJira({ minds, kind, pair, other, word }: Deed, by: Person): Promise<void> {
  const { random } = minds;
  const { key } = pair.local;
  const note = noteFor(minds, pair, "local");
  const edit = editOf(kind, minds, word);
  if (edit) {
    await by.editIssue(key, edit.jira);
    return note(edit.field, edit.value);
  }
  switch (kind) {
    case "description": {
      const { description } = (await by.getIssue(key, { fields: "description" })).fields;
      await by.editIssue(key, { description: rewritten(description, word, random) });
      return minds.journal.note(`local ${pair.local.id}`, "description", {
        kind: "line",
        side: "local",
        line: word,
      });
    }
    case "status": {
      const to = random.pick(Object.keys(COUNTERPARTS.status));
      const { fields } = await by.getIssue(key, { fields: "status" });
      if (fields.status.name === to) return;
      await by.transition(key, to);
      return note("status", to);
    }
    case "comment":
      return void (await by.comment(key, `Said: *${word}*`));
    case "private comment": {
      const visibility = { type: "role", value: "Developers" };
      const path = `/api/2/issue/${key}/comment`;
      const { status } = await by.call("POST", path, { body: word, visibility });
      if (status >= 300) throw new Error(`${status}`);
      return;
    }
    case "file":
      return void (await by.attach(key, `${word}.txt`, Buffer.from(`${word}\r\n`)));
    case "work": {
      const started = `2026-11-${random.between(10, 25)}T09:30:00.000+0000`;
      const timeSpent = `${random.between(1, 300)}m`;
      return void (await by.logWork(key, { timeSpent, started, comment: word }));
    }
    case "link":
      if (isLater(other, pair)) await by.link(key, "Relates", other.local.key);
      return;
    case "issue":
      await by.createIssue({
        project: "PROD",
        summary: word,
        description: `New:\r\n\r\n* ${word}`,
        issuetype: { name: random.pick(["Bug", "Task"]) },
      });
  }
}

async function inRedmine(
  { minds, kind, pair, other, word }: Deed,
  by: RedmineClient,
): Promise<void> {
  const { random, both } = minds;
  const { id } = pair.remote;
  const note = noteFor(minds, pair, "remote");
  const edit = editOf(kind, minds, word);
  if (edit) {
    await by.edit(id, edit.redmine);
    return note(edit.field, edit.value);
  }
  switch (kind) {
    case "description": {
      const { description } = await by.get(id);
      await by.edit(id, { description: rewritten(description, word, random) });
      return minds.journal.note(`local ${pair.local.id}`, "description", {
        kind: "line",
        side: "remote",
        line: word,
      });
    }
    case "status": {
      const to = random.pick(Object.keys(COUNTERPARTS.status) as "Open"[]);
      await by.edit(id, { status_id: { Open: 1, "In Progress": 2, Done: 5 }[to] });
      return note("status", to);
    }
    case "comment":
      return void (await by.note(id, `Said: *${word}*`));
    case "private comment":
      return void (await by.note(id, word, true));
    case "file":
      return by.attach(id, `${word}.txt`, Buffer.from(`${word}\r\n`));
    case "work": {
      const day = `2026-11-${random.between(10, 25)}`;
      await by.logTime(id, random.between(1, 20) / 4, day, word);
      // Redmine shows nobody that time was logged: what is done next is seen.
      return void (await by.note(id, `Worked: ${word}`));
    }
    case "link":
      if (!isLater(other, pair)) return;
      await by.relate(id, other.remote.id, "relates");
      // Nor that a relation was made.
      return void (await by.note(id, `Related: ${word}`));
    case "issue":
      await by.create(word, {
        project_id: both.there.project,
        description: `New:\n\n* ${word}`,
        tracker_id: random.pick([1, 2]),
      });
  }
}

/** Null for what is no edit of a field that both take alike. */
function editOf(kind: Kind, { both, random }: Minds, word: string): Edit | null {
  const { here, there } = both;
  const date = random.chance(0.2) ? "" : `2027-0${random.between(1, 9)}-${random.between(10, 28)}`;
  const custom = (field: string, value: string, jira: unknown, redmine: unknown = value): Edit => ({
    field,
    value,
    jira: { [customField(here, field)]: jira },
    redmine: { custom_fields: [{ id: there.numberOf(field), value: redmine }] },
  });
  const person = random.pick(NAMES);
  switch (kind) {
    case "summary":
      return { field: kind, value: word, jira: { summary: word }, redmine: { subject: word } };
    case "priority": {
      const value = random.pick(Object.keys(COUNTERPARTS.priority) as "High"[]);
      const number = { High: 3, Medium: 2, Low: 1 }[value];
      const jira = { priority: { name: value } };
      return { field: kind, value, jira, redmine: { priority_id: number } };
    }
    case "due date":
      return {
        field: "dueDate",
        value: date,
        jira: { duedate: date || null },
        redmine: { due_date: date },
      };
    case "person":
      return {
        field: "assignee",
        value: `${person}@example.com`,
        jira: { assignee: { name: person } },
        redmine: { assigned_to_id: there.people[person] },
      };
    case "lists": {
      const name = random.pick(Object.keys(there.versions));
      return {
        field: "fixVersions",
        value: name,
        jira: { fixVersions: [{ name }] },
        redmine: { fixed_version_id: there.versions[name] },
      };
    }
    case "custom": {
      const number = random.between(-900, 900) / 4;
      const region = random.pick(["EU", "US", "APAC"]);
      return random.pick([
        custom("Customer", word, word),
        custom("Effort", String(number), number),
        custom("Go live", date, date || null),
        custom("Region", region, { value: region }),
        custom("Owner", `${person}@example.com`, { name: person }, String(there.people[person])),
      ]);
    }
    default:
      return null;
  }
}

function noteFor({ journal }: Minds, pair: Pair, side: SideName) {
  return (field: string, value: string) =>
    journal.note(`local ${pair.local.id}`, field, { kind: "set", side, value });
}

/** One line of a text becomes `line`. */
function rewritten(text: string | null, line: string, random: Random): string {
  const lines = (text ?? "").split(/\r?\n/);
  const written = lines.flatMap((each, index) => (each ? [index] : []));
  lines[written.length > 0 ? random.pick(written) : 0] = line;
  return lines.join("\n");
}

/** Redmine refuses circles, and does not close what an open issue blocks: neither is anything that Jira knows. */
function isLater(other: Pair, pair: Pair): boolean {
  return Number(other.local.id) > Number(pair.local.id);
}
