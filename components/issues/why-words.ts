import { count, list } from "@/components/ui/words";
import { adviceFor } from "@/lib/error-log/advice";
import type { GateState } from "@/lib/gate/gate";
import type { ChoiceLine, PairDetail } from "@/lib/pairs/pair";
import { choiceDigest } from "@/lib/sync/choice";
import { type Conflict, otherSide } from "@/lib/sync/plan-types";

/** Why a pair stands as it does, most important first: what is so, and what happens next. */
export function whyWords(pair: PairDetail, gate: GateState | null): string[] {
  if (pair.stopped)
    return [
      `Sync of this pair was stopped by ${pair.stopped.by}${pair.stopped.reason ? `: “${pair.stopped.reason}”` : ""}. Both issues stay as they are; nothing is read or sent until it is started again.`,
    ];
  return [...missing(pair), ...inTheWay(pair), ...undecided(pair), ...standing(pair, gate)];
}

/** An issue that a sweep found gone: how sure that is, and that nothing was deleted for it. */
function missing(pair: PairDetail): string[] {
  return pair.gone.flatMap(({ side, how }) => {
    const { key, instance } = pair[side];
    const here = key ?? "the issue";
    const other = pair[otherSide(side)];
    const kept = `${other.key ?? "Its twin"} at ${other.instance} stays as it is: nothing is deleted for it. Stop sync of this pair if that is right, or give our account back the sight of ${here}.`;
    if (how === null)
      return [
        `A sweep did not find ${here} at ${instance}, neither by itself nor in a list that held others. It was deleted, or moved to where our account may not see it; the next sweep looks again. ${kept}`,
      ];
    const because =
      how === "told"
        ? `${instance} told so`
        : "two sweeps found it neither by itself nor in a list";
    return [`${here} counts as deleted at ${instance}, since ${because}. ${kept}`];
  });
}

/** A conflict that was planned, but that no worker has failed with yet, is no error of the entry. */
function undecided({ entry, choices }: PairDetail): string[] {
  const fields = (entry?.plan?.conflicts ?? [])
    .filter(({ resolution }) => resolution === "hold")
    .filter((conflict) => !choices.some((choice) => isFor(choice, conflict)))
    .map(({ name, field }) => name ?? field);
  if (fields.length === 0 || entry?.error) return [];
  return [
    `Both sides changed ${list(fields)}. Nothing of this pair is sent until somebody chooses whose value counts.`,
  ];
}

function isFor(choice: ChoiceLine, conflict: Conflict): boolean {
  return choice.field === conflict.field && choice.digest === choiceDigest(conflict);
}

function inTheWay({ local, remote, connectionError }: PairDetail): string[] {
  const words: string[] = [];
  for (const side of [local, remote]) {
    if (side.isHeld)
      words.push(
        `The connection is held at ${side.instance}: nothing is read or written there until it is re-pointed or released.`,
      );
    else if (side.isUnverified)
      words.push(
        `Nothing is written to ${side.instance} until this pair’s marker is found there: the connection was pointed elsewhere.`,
      );
  }
  if (connectionError)
    words.push(
      `The connection has stopped: ${adviceFor(connectionError.code).title.toLowerCase()}.${connectionError.retryAt ? " It is tried again by itself." : " It waits for a person."}`,
    );
  return words;
}

function standing({ row, entry, local, remote }: PairDetail, gate: GateState | null): string[] {
  if (!entry)
    return row.standing === "different"
      ? [
          "What waited was discarded, so the two issues may differ. The next change of either brings back everything that differs by then; so does Sync now.",
        ]
      : [
          "Both issues were read back in step: what the mapping covers says the same on both sides.",
        ];
  const twin =
    local.key && remote.key
      ? []
      : [`It has no twin yet: one is made at ${local.key ? remote.instance : local.instance}.`];
  switch (entry.state) {
    case "running":
      return [...twin, "A worker is sending it at this moment."];
    case "held":
      return [
        ...twin,
        `Held${entry.heldBy ? ` by ${entry.heldBy}` : ""}${entry.heldReason ? `: “${entry.heldReason}”` : ""}. It is not sent until somebody releases it.`,
      ];
    case "failed":
    case "retrying": {
      const advice = entry.error && adviceFor(entry.error.code);
      return [...twin, ...(advice ? [`${advice.title}. ${advice.next}`] : ["It is tried again."])];
    }
    case "queued":
      return [
        ...twin,
        `${count(entry.changes, "change")} ${entry.changes === 1 ? "waits" : "wait"} in the Sync Queue. ${
          gate === "active"
            ? "It is sent when its turn comes."
            : "Nothing is sent while synchronisation is inactive."
        }`,
        ...(entry.error ? [adviceFor(entry.error.code).next] : []),
      ];
  }
}
