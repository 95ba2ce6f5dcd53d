import type { Phrase } from "@/components/gate/phrase-words";
import { sentence } from "@/components/ui/words";
import type { ClaimFinding, ClaimLine } from "@/lib/identity/activation";

/**
 * How much a finding weighs. `fine`: it speaks for us. `open`: too early to tell. `gap`: it cannot be
 * told. `trouble`: somebody else writes, or wrote, as us.
 */
export type ClaimWeight = "fine" | "open" | "gap" | "trouble";

export function weightOf({ kind }: ClaimFinding): ClaimWeight {
  if (kind === "alive" || kind === "newer" || kind === "contested") return "trouble";
  if (kind === "no_place" || kind === "unreadable") return "gap";
  return kind === "listening" ? "open" : "fine";
}

const BY_WEIGHT: Record<ClaimWeight, number> = { trouble: 0, gap: 1, open: 2, fine: 3 };

/** Trouble first; the most telling line must not stand below a dozen quiet ones. */
export function byTrouble(claims: readonly ClaimLine[]): ClaimLine[] {
  return claims.toSorted((a, b) => BY_WEIGHT[weightOf(a.finding)] - BY_WEIGHT[weightOf(b.finding)]);
}

/** What was found at the instance, in one sentence. */
export function claimSentence({ instance: { name }, finding }: ClaimLine): Phrase[] {
  switch (finding.kind) {
    case "ours":
      return [
        `At ${name}, the last sign of life of this identity was ours`,
        ...(finding.at ? [", at ", { time: finding.at }, " (", { age: finding.at }, ")"] : []),
        ".",
      ];
    case "held":
      return [
        `At ${name}, this node gives the sign of life of this identity`,
        ...(finding.at ? [", last ", { lately: finding.at }] : []),
        ".",
      ];
    case "free":
      return [`At ${name}, nobody has ever given a sign of life under this identity.`];
    case "listening":
      return finding.readyAt
        ? [
            `Listening at ${name} until `,
            { second: finding.readyAt },
            ": does another node with our identity live?",
          ]
        : [
            `Not listening at ${name} yet: whether another node with our identity lives is not known.`,
          ];
    case "alive":
      return [
        { strong: `Another node with our identity is alive at ${name}, ` },
        { lately: finding.movedAt },
        ".",
      ];
    case "newer":
      return [
        { strong: `Somebody wrote at ${name} under our identity after us` },
        ", seen ",
        { lately: finding.seenAt },
        ".",
      ];
    case "contested":
      return [
        { strong: `At ${name}, two nodes with this identity have met` },
        ", ",
        { lately: finding.seenAt },
        ".",
      ];
    case "no_place":
      return [`At ${name} there is no place for a sign of life: this protection is missing there.`];
    case "unreadable":
      return [`At ${name} the sign of life could not be read.`];
  }
}

/** What follows from it. */
export function claimMeaning({ finding }: ClaimLine): Phrase[] {
  switch (finding.kind) {
    case "alive":
      return [
        "This node is a copy of it, or it is a copy of this one. Both would write the same changes. This node sends nothing there while that is so; looking disturbs nobody.",
      ];
    case "newer":
      return [
        ...(finding.readyAt
          ? ["Does it still live? Listening until ", { second: finding.readyAt }, ". "]
          : ["It has stood still while we listened: whoever wrote it seems to be stopped. "]),
        "It may be another node, or this one, after the backup that its database came from.",
      ];
    case "contested":
      return ["Neither may write there until a person takes over on one of them."];
    case "no_place":
    case "unreadable":
      return [sentence(finding.why), " Another node with our identity would not be noticed there."];
    case "ours":
      return ["No other node with this identity has been there since."];
    case "free":
      return ["Looked since ", { time: finding.since }, "."];
    default:
      return [];
  }
}
