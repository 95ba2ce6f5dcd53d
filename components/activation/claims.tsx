import type { ActivationActions } from "@/components/activation/activation-actions";
import { isDecisionDue } from "@/components/activation/activation-words";
import { ANCHORED, anchors } from "@/components/activation/anchors";
import {
  byTrouble,
  type ClaimWeight,
  claimMeaning,
  claimSentence,
  weightOf,
} from "@/components/activation/claim-words";
import { TakeOver } from "@/components/activation/take-over";
import { Phrases } from "@/components/gate/phrases";
import { Mark, type MarkName } from "@/components/ui/mark";
import type { ActivationView, ClaimLine } from "@/lib/identity/activation";

const LOOKS: Record<ClaimWeight, { mark: MarkName; line: string; ink: string }> = {
  trouble: { mark: "error", line: "bg-error-wash", ink: "text-error-text" },
  gap: { mark: "error", line: "", ink: "text-closed-text" },
  open: { mark: "listening", line: "", ink: "text-running-text" },
  fine: { mark: "done", line: "", ink: "text-fine" },
};

/**
 * What the instances know of nodes with our identity. It weighs more than every fact below: a copy of a
 * machine has all its facts, but it cannot have been at an instance after it was made.
 */
export function Claims({
  view,
  takeOver,
}: {
  view: Pick<ActivationView, "claims" | "node" | "verdict">;
  takeOver: ActivationActions["takeOver"] | null;
}) {
  return (
    <section aria-label="Signs of life at the instances" className="border-t border-line">
      <p className="max-w-prose px-4 pt-3 pb-1 text-soft">
        While it is active, a node keeps a sign of life with its identity at every instance that has
        a place for it, in a property of the project, renewed every 15&nbsp;s. A copy of a node has
        the same identity, until somebody says that it is a copy. Two nodes with one identity would
        send everything twice.
      </p>
      <ul className="divide-y divide-line">
        {byTrouble(view.claims).map((claim) => (
          <ClaimEntry
            key={`${claim.instance.id}-${claim.project}`}
            claim={claim}
            view={view}
            takeOver={takeOver}
          />
        ))}
      </ul>
    </section>
  );
}

function ClaimEntry({
  claim,
  view,
  takeOver,
}: {
  claim: ClaimLine;
  view: Pick<ActivationView, "node" | "verdict">;
  takeOver: ActivationActions["takeOver"] | null;
}) {
  const { finding } = claim;
  const weight = weightOf(finding);
  const look = LOOKS[weight];
  const meaning = claimMeaning(claim);
  return (
    <li
      id={anchors.claim(claim)}
      data-finding={finding.kind}
      className={`flex items-start gap-2.5 px-4 py-3 ${look.line} ${ANCHORED}`}
    >
      <Mark name={look.mark} className={`mt-0.5 size-4 ${look.ink}`} />
      <div className="flex min-w-0 flex-col gap-1">
        <p className={weight === "trouble" ? "text-large" : "font-medium"}>
          <span className={weight === "trouble" ? look.ink : ""}>
            <Phrases of={claimSentence(claim)} />
          </span>{" "}
          <span className="text-small text-soft">
            project <span className="font-mono">{claim.project}</span>
          </span>
        </p>
        {meaning.length > 0 && (
          <p className={weight === "trouble" ? "max-w-prose" : "max-w-prose text-soft"}>
            <Phrases of={meaning} />
          </p>
        )}
        {(finding.kind === "alive" || finding.kind === "newer" || finding.kind === "contested") && (
          <TakeOver
            claim={claim}
            finding={finding}
            ourConsole={view.node.console}
            isDecisionDue={isDecisionDue(view.verdict)}
            takeOver={takeOver}
          />
        )}
      </div>
    </li>
  );
}
