import { isDecisionDue, isSettled, obstaclesOf } from "@/components/activation/activation-words";
import { anchors } from "@/components/activation/anchors";
import { weightOf } from "@/components/activation/claim-words";
import { isExplainedByRestart } from "@/components/activation/restart";
import { count, isAre, list } from "@/components/ui/words";
import { cappedCount, type GateStatus } from "@/lib/gate/status";
import type { ActivationView, ClaimLine, ConnectionPlans } from "@/lib/identity/activation";

/** One thing to look at, and where on the page it is. */
export type Look = { words: string; to: string };

/** May the button be pressed? In three weights. */
export type Answer =
  | { weight: "clear" }
  | { weight: "look"; looks: Look[] }
  | { weight: "shut"; because: Look[] };

export type Asked = { view: ActivationView; stopped: GateStatus["stoppedConnections"] };

export function answerOf(asked: Asked): Answer {
  const because = reasonsOf(asked.view);
  if (because.length > 0) return { weight: "shut", because };
  const looks = looksOf(asked);
  return looks.length > 0 ? { weight: "look", looks } : { weight: "clear" };
}

export function answerHeadline(answer: Answer): string {
  if (answer.weight === "clear") return "Nothing stands in the way";
  if (answer.weight === "look")
    return `Possible; look at ${count(answer.looks.length, "thing")} first`;
  return answer.because.length === 1
    ? "Not now, because:"
    : `Not now, for ${count(answer.because.length, "reason")}:`;
}

function reasonsOf(view: ActivationView): Look[] {
  const known = [
    ...(isDecisionDue(view.verdict)
      ? [
          {
            words: "A person has to decide first whether this is the same node or a copy",
            to: "decision",
          },
        ]
      : []),
    ...view.claims.flatMap((claim) => troubleWords(claim) ?? []),
  ];
  if (known.length > 0) return known;
  return obstaclesOf(view).map((words) => ({
    words: words.replace(/\.$/, ""),
    to: "in-the-way",
  }));
}

function troubleWords(claim: ClaimLine): Look | null {
  const { instance, finding } = claim;
  const to = anchors.claim(claim);
  if (finding.kind === "alive")
    return { words: `Another node with our identity is alive at ${instance.name}`, to };
  if (finding.kind === "newer")
    return { words: `Somebody wrote at ${instance.name} under our identity after us`, to };
  if (finding.kind === "contested")
    return { words: `Two nodes with our identity have met at ${instance.name}`, to };
  return null;
}

/** Everything that deserves a look and shuts nothing, in the order of the page. */
function looksOf({ view, stopped }: Asked): Look[] {
  const isSent = ({ connection: { id } }: ConnectionPlans) =>
    stopped.every((each) => each.id !== id) && view.heldConnections.every((each) => each.id !== id);
  return [
    ...verdictLooks(view.verdict),
    ...view.claims.flatMap((claim) => claimLook(claim) ?? []),
    ...view.waiting
      .filter(({ failed }) => failed > 0)
      .map(({ connection: { id, name }, failed }) => ({
        words: `${cappedCount(failed)} ${failed === 1 ? "issue" : "issues"} of ${name} failed`,
        to: anchors.waiting(id),
      })),
    ...stopped.map(({ id, name }) => ({ words: `${name} has stopped`, to: anchors.stopped(id) })),
    ...view.unreadable.instances.map(({ id, name }) => ({
      words: `The access token for ${name} cannot be opened`,
      to: anchors.token(id),
    })),
    ...(view.unreadable.webhooks.length > 0
      ? [
          {
            words: `Webhooks of ${list(view.unreadable.webhooks.map(({ name }) => name))} are refused`,
            to: "webhooks",
          },
        ]
      : []),
    ...view.unconfirmed.map(({ id, name, confirmed }) => ({
      words: confirmed
        ? `${name} is not the instance that was confirmed`
        : `Nobody has confirmed which instance ${name} is`,
      to: anchors.unconfirmed(id),
    })),
    ...view.heldConnections.map(({ id, name }) => ({
      words: `${name} is held`,
      to: anchors.held(id),
    })),
    ...(view.unverifiedPairs > 0
      ? [
          {
            words: `${count(view.unverifiedPairs, "pair")} ${isAre(view.unverifiedPairs)} not verified yet`,
            to: "unverified",
          },
        ]
      : []),
    ...(view.foreignEvents.length > 0
      ? [{ words: "Events came from instances that are not ours", to: "foreign-events" }]
      : []),
    ...(view.unlinked.length > 0
      ? [
          {
            words: `${count(view.unlinked.length, "pair")} ${view.unlinked.length === 1 ? "has" : "have"} ended`,
            to: "unlinked",
          },
        ]
      : []),
    ...view.plans.filter(isSent).flatMap((plans) => riskLook(plans) ?? []),
  ];
}

function verdictLooks(verdict: ActivationView["verdict"]): Look[] {
  // What a person has decided is settled.
  if (!verdict || isSettled(verdict)) return [];
  const to = "facts";
  if (verdict.kind === "restored")
    return [{ words: "The database was restored from a backup", to: "what-happened" }];
  if (verdict.kind === "database_moved")
    return [{ words: "The database was moved, or restored elsewhere", to }];
  const strong = verdict.facts.filter(({ grade }) => grade === "strong").length;
  if (strong > 0) return [{ words: `${count(strong, "fact")} about this node changed`, to }];
  return isExplainedByRestart(verdict.facts)
    ? []
    : [{ words: "Something differs that a restart does not change", to }];
}

function claimLook(claim: ClaimLine): Look | null {
  if (weightOf(claim.finding) === "fine" || weightOf(claim.finding) === "trouble") return null;
  const { name } = claim.instance;
  const words = {
    listening: `Whether another node with our identity lives at ${name} is not known yet`,
    no_place: `${name} has no place for a sign of life: another node there would not be noticed`,
    unreadable: `The sign of life at ${name} could not be read`,
  }[claim.finding.kind as "listening" | "no_place" | "unreadable"];
  return { words, to: anchors.claim(claim) };
}

function riskLook({ connection: { id, name }, ready, totals }: ConnectionPlans): Look | null {
  if (ready === 0) return null;
  const { overwrites, empties, notPlanned } = totals;
  const parts = [
    overwrites > 0 &&
      `${count(overwrites, "issue")} ${overwrites === 1 ? "overwrites" : "overwrite"} what somebody edited there`,
    empties > 0 && `${count(empties, "issue")} would have a field emptied`,
    notPlanned > 0 && `${count(notPlanned, "issue")} ${isAre(notPlanned)} not planned yet`,
  ].filter((part) => typeof part === "string");
  return parts.length > 0 ? { words: `${name}: ${list(parts)}`, to: anchors.plans(id) } : null;
}
