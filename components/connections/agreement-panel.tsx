"use client";
import type { ReactNode } from "react";
import { policyWords, type Terms } from "@/components/connections/change-words";
import { Panel } from "@/components/ui/panel";
import { sentence } from "@/components/ui/words";
import type { Side } from "@/lib/sync/plan-types";

/** What was agreed on, apart from the mapping: what comes under sync, who decides, how much at a time. */
export function AgreementPanel({
  terms,
  names,
  aside,
  children,
}: {
  terms: Terms;
  names: Record<Side, string>;
  aside: ReactNode;
  /** The form, while somebody changes it. */
  children: ReactNode;
}) {
  return (
    <Panel title="What comes under sync, and who decides" aside={aside}>
      {children ?? (
        <dl className="grid gap-x-6 gap-y-3 p-4 sm:grid-cols-2 lg:grid-cols-3">
          {(["local", "remote"] as const).map((side) => (
            <Fact key={side} term={`From ${names[side]}`}>
              {terms.triggers[side] ? (
                <span className="font-mono">{terms.triggers[side]}</span>
              ) : (
                "Brings no issues in."
              )}
            </Fact>
          ))}
          <Fact term="Issues sent at a time">{terms.concurrency}</Fact>
          <Fact term="Both sides changed one field">
            {sentence(policyWords(terms.policy, names))}
          </Fact>
          <Fact term="Linked issues differ">
            {sentence(policyWords(terms.firstMeeting, names))}
          </Fact>
        </dl>
      )}
    </Panel>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-small text-soft">{term}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  );
}
