import type { Random } from "@/e2e/chaos/random";
import { CUSTOM_FIELDS, customField, type JiraProject } from "@/e2e/convergence/jira";
import type { Journal } from "@/e2e/convergence/journal";
import { other, type Seen, type SideName } from "@/e2e/convergence/seen";
import { COMPONENTS, PEOPLE, VERSIONS, type World } from "@/e2e/convergence/world";
import { PRIORITY_PAIRS, STATUS_PAIRS } from "@/e2e/line";
import type { Person } from "@/e2e/simulators/jira-data-center/client";

/** How often people do what, out of the sum. */
const WEIGHTS = {
  summary: 8,
  description: 10,
  status: 10,
  priority: 5,
  label: 8,
  list: 6,
  "due date": 4,
  person: 6,
  custom: 12,
  comment: 10,
  "edit of a comment": 4,
  "private comment": 2,
  file: 4,
  work: 4,
  link: 3,
  issue: 4,
  "sub-task": 2,
} as const;
export type Kind = keyof typeof WEIGHTS;

/** An issue as people know it: `pair` names it and its twin, where the twin is known. */
export type Known = { pair: string; key: string; side: SideName; isPart: boolean };

/** What people have in mind while they work. */
export type Minds = {
  world: World;
  random: Random;
  journal: Journal;
  /** By side: the issues that people work on. */
  issues: Record<SideName, Known[]>;
  /** How often each kind was done, and how often a tracker refused or was away. */
  done: Partial<Record<Kind, number>>;
  refused: number;
  /** Makes each word that is written the only one of its kind. */
  words: number;
};

/** One person does one thing at one tracker. A tracker that is away or refuses keeps people from working. */
export async function doSomething(minds: Minds): Promise<void> {
  const { random, world, issues } = minds;
  const side: SideName = random.chance(0.55) ? "local" : "remote";
  const person = random.pick(PEOPLE);
  const kind = random.weighted(WEIGHTS);
  const issue = random.pick(issues[side]);
  const { client } = world.projects[side];
  const deed: Deed = {
    ...minds,
    word: `${kind} ${++minds.words}`,
    issue,
    side,
    project: world.projects[side],
    by: client.as(`${person[side]}-token`),
  };
  try {
    await DEEDS[kind](deed);
    minds.done[kind] = (minds.done[kind] ?? 0) + 1;
  } catch (error) {
    if (error instanceof TypeError && !/fetch failed|terminated/.test(error.message)) throw error;
    minds.refused += 1;
  }
}

type Deed = Minds & {
  word: string;
  issue: Known;
  side: SideName;
  project: JiraProject;
  by: Person;
};

const DEEDS: Record<Kind, (deed: Deed) => Promise<void>> = {
  summary: (deed) => set(deed, "summary", deed.word, { summary: deed.word }),
  async description({ by, issue, journal, random, side, word }) {
    const { description } = (await by.getIssue(issue.key, { fields: "description" })).fields;
    const lines = (description ?? "").split("\n");
    const paragraphs = lines.flatMap((line, index) => (line ? [index] : []));
    lines[paragraphs.length > 0 ? random.pick(paragraphs) : 0] = word;
    await by.editIssue(issue.key, { description: lines.join("\n") });
    journal.note(issue.pair, "description", { kind: "line", side, line: word });
  },
  async status(deed) {
    const [local, remote] = deed.random.pick(Object.entries(STATUS_PAIRS));
    const name = deed.side === "local" ? local : remote;
    const { fields } = await deed.by.getIssue(deed.issue.key, { fields: "status" });
    if (fields.status.name === name) return;
    await deed.by.transition(deed.issue.key, name);
    deed.journal.note(deed.issue.pair, "status", { kind: "set", side: deed.side, value: local });
  },
  priority(deed) {
    const [local, remote] = deed.random.pick(Object.entries(PRIORITY_PAIRS));
    return set(deed, "priority", local, {
      priority: { name: deed.side === "local" ? local : remote },
    });
  },
  async label({ by, issue, journal, random, side }) {
    const label = random.pick(["seed", "hot", "cold", "blue", "red"]);
    const is = random.chance(0.6) ? "add" : "remove";
    await changed(by, issue.key, { update: { labels: [{ [is]: label }] } });
    journal.note(issue.pair, "labels", { kind: "element", side, [is]: label });
  },
  async list({ by, issue, journal, random, side }) {
    const [field, names] = random.pick([
      ["components", COMPONENTS],
      ["fixVersions", VERSIONS],
    ] as const);
    const name = random.pick(names);
    const is = random.chance(0.6) ? "add" : "remove";
    await changed(by, issue.key, { update: { [field]: [{ [is]: { name } }] } });
    journal.note(issue.pair, field, { kind: "element", side, [is]: name });
  },
  "due date": (deed) => {
    const date = someDate(deed.random);
    return set(deed, "dueDate", date ?? "", { duedate: date });
  },
  person(deed) {
    const field = deed.random.pick(["assignee", "reporter"]);
    const person = deed.random.pick(PEOPLE);
    return set(deed, field, person.mail, { [field]: { name: person[deed.side] } });
  },
  custom(deed) {
    const { name, kind } = deed.random.pick(
      CUSTOM_FIELDS.filter((each) => each.kind !== "multiselect"),
    );
    const person = deed.random.pick(PEOPLE);
    const option = deed.random.pick(["EU", "US", "APAC"]);
    const number = deed.random.between(-900, 900) / 4;
    const date = someDate(deed.random);
    const [value, sent] = {
      text: [deed.word, deed.word],
      textarea: [deed.word, deed.word],
      number: [String(number), number],
      date: [date ?? "", date],
      select: [option, { value: option }],
      user: [person.mail, { name: person[deed.side] }],
    }[kind as "text"] as [string, unknown];
    return set(deed, name, value, { [customField(deed.project, name)]: sent });
  },
  async comment({ by, issue, word }) {
    await by.comment(issue.key, `Said: *${word}*`);
  },
  async "edit of a comment"({ by, issue, project, random, word }) {
    const mine = (await by.comments(issue.key)).filter(
      (comment) => comment.author.name !== project.ours && comment.visibility === undefined,
    );
    if (mine.length === 0) return;
    await by.editComment(issue.key, random.pick(mine).id, `Said better: *${word}*`);
  },
  async "private comment"({ by, issue, word }) {
    const visibility = { type: "role", value: "Developers" };
    await ok(by.call("POST", `/api/2/issue/${issue.key}/comment`, { body: word, visibility }));
  },
  async file({ by, issue, random, word }) {
    const size = random.between(1, 3_000);
    await by.attach(issue.key, `${word}.txt`, Buffer.alloc(size, `${word}\n`));
  },
  async work({ by, issue, random, word }) {
    const minutes = random.between(1, 300);
    const started = `2026-11-${random.between(10, 25)}T09:${random.between(10, 59)}:00.000+0000`;
    await by.logWork(issue.key, { timeSpent: `${minutes}m`, started, comment: word });
  },
  async link({ by, issue, issues, random, side }) {
    // Only what has a twin already; a link to any other issue has no counterpart yet.
    const to = random.pick(issues[side]);
    if (to.pair !== issue.pair)
      await by.link(issue.key, random.pick(["Blocks", "Relates"]), to.key);
  },
  async issue(deed) {
    await create(deed, { issuetype: { name: deed.random.pick(["Task", "Bug"]) } });
  },
  async "sub-task"(deed) {
    if (deed.issue.isPart) return;
    await create(deed, { issuetype: { name: "Sub-task" }, parent: { key: deed.issue.key } });
  },
};

async function create({ by, issues, project, side, word }: Deed, more: Record<string, unknown>) {
  const made = await by.createIssue({
    project: project.key,
    summary: word,
    description: `New:\n\n* ${word}`,
    ...more,
  });
  const isPart = "parent" in more;
  // Nobody knows its twin yet, so it is its own pair until both sides were compared.
  issues[side].push({ pair: `${side} ${made.id}`, key: made.key, side, isPart });
}

async function set(deed: Deed, field: string, value: string, fields: Record<string, unknown>) {
  await deed.by.editIssue(deed.issue.key, fields);
  deed.journal.note(deed.issue.pair, field, { kind: "set", side: deed.side, value });
}

async function changed(by: Person, key: string, body: unknown): Promise<void> {
  await ok(by.call("PUT", `/api/2/issue/${key}`, body));
}

async function ok(answer: Promise<{ status: number; body: unknown }>): Promise<void> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
}

function someDate(random: Random): string | null {
  return random.chance(0.2) ? null : `2027-0${random.between(1, 9)}-${random.between(10, 28)}`;
}

/** What people know of two issues whose twins have been found. */
export function known({ local, remote }: { local: Seen; remote: Seen }): Record<SideName, Known> {
  const at = (side: SideName, { key, parentId }: Seen): Known => ({
    pair: `local ${local.id}`,
    key,
    side,
    isPart: parentId !== null,
  });
  return { local: at("local", local), remote: at(other("local"), remote) };
}
