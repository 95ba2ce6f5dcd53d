import type { Agreed } from "@/components/connections/connection-actions";
import { count, formatNumber, isAre, list } from "@/components/ui/words";
import type { Leaving } from "@/lib/connections/setup";
import { otherSide, type Side } from "@/lib/sync/plan-types";

const SIDES = ["local", "remote"] as const;

/** What of an agreement is changed by the form. */
export type Terms = Omit<Agreed, "mapping">;

export type Facts = {
  names: Record<Side, string>;
  pairs: number;
  waiting: number;
  /** How many issues each side's search names: the one that holds, and the one that is typed. */
  named: Record<Side, { now: number | null; then: number | null }>;
  /** Pairs that the typed search does not name, once they were looked for. */
  leaving: Record<Side, Leaving | null>;
};

/** Who wins, as a sentence goes on. */
export function policyWords(policy: Terms["policy"], names: Record<Side, string>): string {
  if (policy === "hold") return "a person decides";
  return policy === "latest" ? "the later edit wins" : `${names[policy]} wins`;
}

/** What is different between two agreements, by name. */
export function changedTerms(before: Terms, after: Terms): string[] {
  return [
    ...SIDES.filter((side) => before.triggers[side] !== after.triggers[side]).map(
      (side) => `${side} search`,
    ),
    ...SIDES.filter((side) => before.quiet[side] !== after.quiet[side]).map(
      (side) => `${side} mails`,
    ),
    ...(["policy", "firstMeeting", "concurrency"] as const).filter(
      (term) => before[term] !== after[term],
    ),
  ];
}

/** What will happen when an agreement is replaced by another one: a sentence for each thing, nothing for no change. */
export function consequences(before: Terms, after: Terms, facts: Facts): string[] {
  const { names } = facts;
  const said = SIDES.flatMap((side) =>
    triggerWords(side, before.triggers[side], after.triggers[side], facts),
  );
  const wasOpen = before.triggers.local !== null || before.triggers.remote !== null;
  if (wasOpen && after.triggers.local === null && after.triggers.remote === null)
    said.push(
      "Without a search on either side nothing comes under sync by itself: only issues that somebody links.",
    );
  if (before.policy !== after.policy) {
    said.push(`Where both sides changed one field, ${policyWords(after.policy, names)}.`);
    if (before.policy === "hold")
      said.push(
        "Issues that wait for a person’s decision are planned accordingly, and are sent while sync is active.",
      );
  }
  if (before.firstMeeting !== after.firstMeeting)
    said.push(
      `Where linked issues meet for the first time and differ, ${policyWords(after.firstMeeting, names)}. Pairs that were in step once are not asked again.`,
    );
  if (
    facts.waiting > 0 &&
    (before.policy !== after.policy || before.firstMeeting !== after.firstMeeting)
  )
    said.push(
      `The ${count(facts.waiting, "issue")} waiting in the Sync Queue ${facts.waiting === 1 ? "is" : "are"} read and planned again before anything of ${facts.waiting === 1 ? "it" : "them"} is sent.`,
    );
  if (before.concurrency !== after.concurrency)
    said.push(
      after.concurrency > before.concurrency
        ? `Up to ${count(after.concurrency, "issue")} at a time ${after.concurrency === 1 ? "is" : "are"} sent, instead of ${before.concurrency}: sooner done, with more calls at once for ${names.local} and ${names.remote}.`
        : `At most ${count(after.concurrency, "issue")} at a time ${after.concurrency === 1 ? "is" : "are"} sent, instead of ${before.concurrency}. What is being sent is finished first.`,
    );
  for (const side of SIDES)
    if (before.quiet[side] !== after.quiet[side])
      said.push(
        after.quiet[side]
          ? `${names[side]} is asked to send no mails when fields change. If it refuses that to our account, updates are sent with mails.`
          : `People at ${names[side]} get mail again when fields change.`,
      );
  return said;
}

/** "12 of 340 pairs are not named by it (PROD-1 and 11 more). They", as far as it is known which. */
function leavingWords(pairs: number, leaving: Leaving | null): string {
  if (!leaving || leaving.lookedAt === 0)
    return `${count(pairs, "pair")} ${isAre(pairs)} under sync on this connection. Those that leave it`;
  const { lookedAt, leaving: left, examples } = leaving;
  const among =
    lookedAt < pairs ? `the newest ${count(lookedAt, "pair")}` : count(lookedAt, "pair");
  if (left === 0)
    return `${lookedAt === 1 ? "Its 1 pair is" : `All of ${among} are`} named by it. Those that leave it later`;
  const more = left - examples.length;
  const keys = list([...examples, ...(more > 0 ? [`${formatNumber(more)} more`] : [])]);
  return `${formatNumber(left)} of ${among} ${isAre(left)} not named by it: ${keys}. They`;
}

/** The words of a refusal, without the form that an instance puts them in. */
export function saidBy(answer: string): string {
  try {
    const { errorMessages } = JSON.parse(answer) as { errorMessages?: unknown };
    if (Array.isArray(errorMessages) && errorMessages.length > 0) return errorMessages.join(" ");
  } catch {
    // It was no JSON: shown as it came.
  }
  return answer;
}

function triggerWords(
  side: Side,
  before: string | null,
  after: string | null,
  { names, pairs, named, leaving }: Facts,
): string[] {
  if (before === after) return [];
  const here = names[side];
  const stays =
    pairs > 0
      ? `${leavingWords(pairs, after === null ? null : leaving[side])} stay under sync: their changes still travel. To end that for one of them, stop it on its own page.`
      : "Nothing is under sync on this connection yet.";
  if (after === null) return [`Nothing of ${here} comes under sync by itself any more. ${stays}`];
  const { now, then } = named[side];
  const comes = `comes under sync with its next change, and gets a twin at ${names[otherSide(side)]}`;
  if (before === null)
    return [
      `What the search names at ${here}${then === null ? "" : `, ${count(then, "issue")} now,`} ${comes}.`,
    ];
  const counts =
    now === null || then === null
      ? `The search at ${here} is another one.`
      : then === now
        ? `The search at ${here} names ${count(then, "issue")}, as many as before.`
        : `The search at ${here} names ${count(then, "issue")} instead of ${formatNumber(now)}.`;
  return [`${counts} ${stays}`, `What it names newly ${comes}.`];
}
