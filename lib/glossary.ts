/**
 * One word per thing, in code, database, screens and documents. `docs/glossary.md` is written from this
 * table (`npm run glossary`), and the console explains its words with it. Meanings may hold `code`.
 */
export const GLOSSARY = {
  node: "one installation of this product: one database, one console or more, one worker or more",
  instance: "one tracker installation that we talk to, such as a Jira Data Center",
  connector: "our code for one kind of instance",
  connection:
    "the agreement to keep issues of two instances in step: a `local` and a `remote` side, triggers, mapping, policy",
  trigger: "a search that brings issues under sync. Leaving it does not end sync",
  "pair, twin": "two issues under sync on one connection; the other one of the pair",
  reading: "one issue as one side shows it now, in that side's own terms",
  base: "what each side looked like when it was last read back in step: two readings, one per side",
  change: "something detected on one side: who, what, when, and how we learned of it",
  "Sync Queue, entry":
    "the pairs that have something to send; one entry per pair, with its changes",
  "plan, write":
    "the list of writes that would bring a pair in step; one call that alters an instance",
  permit:
    "the record, made before a write leaves, that this write may leave; completed with what came back",
  marker: "what a created issue or comment carries, so that it is found again after a crash",
  stamp: "the note on an issue that says where its twin is",
  gate: "may this node write at all: `inactive`, `active` or `closing`",
  "activation, epoch":
    "one opening of the gate; its number, growing by one at every opening and every closing",
  incarnation:
    "one uninterrupted life of the node's workers, from the first one's start until the last is gone",
  fence: "incarnation and epoch together: what a claim, a permit or a completion was made under",
  member: "a living worker whose incarnation is the gate's; it answers starters' questions",
  claim: "an entry in a worker's hands; proven by entry, attempt, worker and fence",
  rescue: "taking entries back from a worker that stopped or is silent",
  piece:
    "an attachment, a worklog or a link of an issue; its mirror on the other side is known by its id",
  step: "one transition of a workflow; a status may be several steps away",
  standing: "how a pair stands: in step, waiting, held, failed, left different, stopped",
  "stopped pair":
    "a pair whose sync a person ended; both issues stay as they are, and it can be started again",
  "conflict, choice":
    "a field that both sides changed; a person's word whose value counts, good while both values are as shown",
  cause:
    "what an error message says once names and numbers are left out; errors of one cause are retried together",
  episode:
    "an error from its first to its last sight; kept after it has ended, with how and by whom",
  "hold, release, retry, discard":
    "what people do to entries: keep back, let go, try again now, take off without sending",
  identity: "which node this is; a copy gets another one",
  "evidence, fact":
    "what a starting worker observes of where, and as whom, it runs; one value of it, then and now",
  verdict: "what a start means: first start, restart, database moved, restored, or moved or copied",
  decision: "what a person makes of a verdict: the same node, a copy, or stay inactive",
  "sign of life, claim at an instance":
    'the record by which an active node shows at an instance that it lives; "claim" alone is an entry\'s',
  "take-over": "declaring that another node's sign of life counts as ours from now on",
  inherited: "what a copy brought along: set aside until it is released or discarded",
  "held connection":
    "one that is not used until it is pointed elsewhere, or released by its typed name",
  "unverified pair": "one whose marker has not been found yet where its connection points now",
  "high-water file": "how far audit and beat have come, kept beside the key, outside the database",
  point:
    "what happened on a connection in a minute, an hour or a day, added up; charts are made of these",
  "environment label":
    "what people call this node, such as Production, and its colour; no evidence of who it is",
  "period, round":
    "how long one kind of history is kept; one walk of the workers along it, cutting what is older and may go",
  notice: "one thing to tell people by mail; told once, in one mail with others of its kind",
} as const satisfies Record<string, string>;

export type GlossaryWord = keyof typeof GLOSSARY;

/** Where a word stands on the glossary's page. */
export function anchorOf(word: string): string {
  return word.toLowerCase().replace(/[^a-z]+/g, "-");
}

/** The same as a document. */
export function glossaryDocument(): string {
  const rows: [string, string][] = [["word", "meaning"], ...Object.entries(GLOSSARY)];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill = " ") =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  const [head = ["", ""], ...body] = rows;
  return [
    "# Glossary",
    "",
    "One word per thing, in code, database, screens and documents. Written from `lib/glossary.ts`.",
    "",
    line(head),
    line(["", ""], "-"),
    ...body.map((row) => line(row)),
    "",
  ].join("\n");
}
