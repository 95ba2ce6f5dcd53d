"use client";
import { useState } from "react";
import type { ActivationActions } from "@/components/activation/activation-actions";
import {
  byTrouble,
  type ClaimWeight,
  claimMeaning,
  claimSentence,
  weightOf,
} from "@/components/activation/claim-words";
import { TypedNameDialog } from "@/components/activation/typed-name-dialog";
import { plainText } from "@/components/gate/phrase-words";
import { Phrases } from "@/components/gate/phrases";
import { Button } from "@/components/ui/button";
import { Mark, type MarkName } from "@/components/ui/mark";
import type { ClaimLine } from "@/lib/identity/activation";

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
  claims,
  takeOver,
}: {
  claims: ClaimLine[];
  takeOver: ActivationActions["takeOver"] | null;
}) {
  const [taken, setTaken] = useState<ClaimLine | null>(null);
  const sorted = byTrouble(claims);
  return (
    <section aria-label="Signs of life at the instances" className="border-t border-line">
      <ul className="divide-y divide-line">
        {sorted.map((claim, index) => {
          const weight = weightOf(claim.finding);
          const look = LOOKS[weight];
          const meaning = claimMeaning(claim);
          // What was just said of the instance above need not be said again.
          const before = sorted[index - 1];
          const isNew = !before || plainText(claimMeaning(before)) !== plainText(meaning);
          return (
            <li
              key={`${claim.instance.id}-${claim.project}`}
              data-finding={claim.finding.kind}
              className={`flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3 ${look.line}`}
            >
              <div className="flex min-w-0 flex-1 basis-72 items-start gap-2.5">
                <Mark name={look.mark} className={`mt-0.5 size-4 ${look.ink}`} />
                <div className="min-w-0">
                  <p className={weight === "trouble" ? "text-large" : "font-medium"}>
                    <span className={weight === "trouble" ? look.ink : ""}>
                      <Phrases of={claimSentence(claim)} />
                    </span>{" "}
                    <span className="text-small text-soft">
                      project <span className="font-mono">{claim.project}</span>
                    </span>
                  </p>
                  {isNew && meaning.length > 0 && (
                    <p className={weight === "trouble" ? "mt-1 max-w-prose" : "text-soft"}>
                      <Phrases of={meaning} />
                    </p>
                  )}
                </div>
              </div>
              {weight === "trouble" && takeOver && (
                <Button onClick={() => setTaken(claim)}>Take over at {claim.instance.name}…</Button>
              )}
            </li>
          );
        })}
      </ul>
      {taken && takeOver && (
        <TypedNameDialog
          title={`Take over at ${taken.instance.name}`}
          name={taken.instance.name}
          kind="instance"
          act={`Take over at ${taken.instance.name}`}
          done={`This node holds its identity at ${taken.instance.name} from now on.`}
          withReason
          send={({ typedName, reason }) =>
            takeOver({
              instanceId: taken.instance.id,
              project: taken.project,
              typedName,
              ...(reason && { reason }),
            })
          }
          onClose={() => setTaken(null)}
        >
          <p className="flex items-start gap-2.5 rounded-control bg-error-wash p-3">
            <Mark name="error" className="mt-0.5 size-4 text-error-text" />
            <span>
              <strong className="font-semibold text-error-text">
                {taken.finding.kind === "alive"
                  ? "The other node is running."
                  : "Somebody used this identity after us."}
              </strong>{" "}
              {taken.finding.kind === "alive"
                ? "Taking over is right only if this node is the original, and the other one is a copy that is being stopped."
                : "Taking over is right only if that node is a copy or stopped for good, or if it was this node itself, before its database was restored."}
            </span>
          </p>
          <ul className="flex list-disc flex-col gap-1 pl-5">
            <li>
              The sign of life that stands at {taken.instance.name} (project{" "}
              <span className="font-mono">{taken.project}</span>) counts as ours from now on.
              Nothing is written by this.
            </li>
            <li>
              Then this node listens again. A node that still lives is found again, and nothing is
              sent.
            </li>
            <li>
              Once you have activated, this node gives its own sign of life there, and the other one
              stops at its next look. What it sends until then still arrives.
            </li>
          </ul>
        </TypedNameDialog>
      )}
    </section>
  );
}
