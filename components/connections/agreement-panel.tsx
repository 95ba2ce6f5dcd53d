"use client";
import type { ReactNode } from "react";
import { policyWords, saidBy, type Terms } from "@/components/connections/change-words";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { sentence } from "@/components/ui/words";
import type { Side } from "@/lib/sync/plan-types";

/** What was agreed on, apart from the mapping: what comes under sync, who decides, how much at a time. */
export function AgreementPanel({
  terms,
  names,
  mailsRefused,
  aside,
  children,
}: {
  terms: Terms;
  names: Record<Side, string>;
  mailsRefused: Record<Side, { at: string; said: string } | null>;
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
          {(["local", "remote"] as const)
            .filter((side) => terms.quiet[side])
            .map((side) => (
              <Fact key={`mails ${side}`} term={`Mails at ${names[side]}`}>
                <Mails instance={names[side]} refused={mailsRefused[side]} />
              </Fact>
            ))}
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

function Mails({
  instance,
  refused,
}: {
  instance: string;
  refused: { at: string; said: string } | null;
}) {
  if (!refused) return "Asked to send none for our updates.";
  return (
    <>
      <Mark name="error" className="mr-1.5 inline size-3.5 align-[-2px] text-closed-text" />
      {instance} refuses to update without mails, so updates are sent with them. Since{" "}
      <Moment at={refused.at} align="start" /> it says: “{saidBy(refused.said)}” Make our account an
      administrator of the project; it is asked again every hour.
    </>
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
