"use client";
import { useState } from "react";
import { RISK_WORDS, risksOf } from "@/components/activation/planned-words";
import { Toward } from "@/components/activation/toward";
import type { SideNames } from "@/components/entry/plan-words";
import { InheritedMark } from "@/components/sync-queue/inherited-mark";
import { later } from "@/components/ui/later";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { OneMoment } from "@/components/ui/part-missing";
import type { PlannedEntry } from "@/lib/identity/activation";
import { planDirection } from "@/lib/sync/plan-words";

const PlanDetails = later(
  async () => (await import("@/components/entry/plan-details")).PlanDetails,
  { Waiting: OneMoment },
);

/** One issue that would be sent: in a line, and opened with every difference. */
export function PlannedEntryLine({
  entry,
  names,
  isGone,
}: {
  entry: PlannedEntry;
  names: SideNames;
  isGone: boolean;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const direction = entry.plan && planDirection(entry.plan);
  const [worst] = risksOf(entry.plan);
  const risk = worst && RISK_WORDS[worst];
  return (
    <li>
      <details className="group" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary
          className={`grid min-h-9 grid-cols-[auto_auto_minmax(0,1fr)] items-center gap-x-3 gap-y-0.5 px-4 py-2 hover:bg-hover md:grid-cols-[auto_6rem_6.5rem_minmax(0,1fr)_minmax(0,11rem)] xl:grid-cols-[auto_7rem_8rem_minmax(0,1fr)_minmax(0,20rem)] ${isGone ? "text-soft" : ""}`}
        >
          <Mark
            name="chevron"
            className="size-3 text-soft transition-transform group-open:rotate-90"
          />
          <span className="font-mono whitespace-nowrap">{entry.issueKey || "no key yet"}</span>
          <span className="flex min-w-0">
            {direction && <Toward direction={direction} sides={names} />}
          </span>
          <span className="col-span-2 col-start-2 row-start-2 min-w-0 md:col-span-1 md:col-start-auto md:row-start-auto md:truncate md:group-open:whitespace-normal">
            {entry.summary || <span className="text-soft italic">no summary yet</span>}
          </span>
          <span className="col-span-2 col-start-2 flex min-w-0 flex-wrap items-center gap-x-3 text-soft md:col-span-1 md:col-start-auto md:justify-end">
            {isGone ? (
              <span>no longer waits</span>
            ) : (
              <>
                {entry.isInherited && <InheritedMark />}
                {risk && (
                  <span className="inline-flex items-center gap-1.5 text-closed-text">
                    <Mark name="error" />
                    {risk}
                  </span>
                )}
                {entry.words !== risk && (
                  <span className="min-w-0 md:truncate">{entry.words || "not planned yet"}</span>
                )}
              </>
            )}
          </span>
        </summary>
        {isOpen && (
          <div className="border-t border-line bg-canvas md:pl-6">
            {entry.plan ? (
              <PlanDetails plan={entry.plan} names={names} pairId={entry.pairId} />
            ) : (
              <p className="px-4 py-3 text-soft">
                A worker reads both issues soon, and shows here what it would send.
              </p>
            )}
            <p className="border-t border-line px-4 py-2">
              <Link href={`/sync-queue/${entry.entryId}`} className="text-link hover:underline">
                Open {entry.issueKey || "the entry"}: what changed, its history, hold or discard
              </Link>
            </p>
          </div>
        )}
      </details>
    </li>
  );
}
