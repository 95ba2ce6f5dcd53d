"use client";
import { useState, useTransition } from "react";
import {
  ENTRY_VERBS,
  type EntryVerb,
  isOffered,
  verbLabel,
} from "@/components/sync-queue/entry-actions";
import { Button } from "@/components/ui/button";
import { fieldClass } from "@/components/ui/reason-field";
import type { QueueRow } from "@/lib/sync-queue/row";

/** What can be done with the chosen rows; each button counts only those it applies to. */
export function SelectionBar({
  rows,
  onAct,
  onClear,
}: {
  rows: QueueRow[];
  onAct: (verb: EntryVerb, rows: QueueRow[], reason: string | undefined) => Promise<void>;
  onClear: () => void;
}) {
  const [reason, setReason] = useState("");
  const [isPending, startTransition] = useTransition();
  return (
    <section
      aria-label="Selection"
      className="sticky bottom-14 z-10 flex flex-wrap items-center gap-2 border-t border-line bg-raised px-4 py-2 shadow-raised md:bottom-0"
    >
      <p role="status" className="font-medium">
        {rows.length} selected
      </p>
      <label className="min-w-40 flex-1">
        <span className="sr-only">Reason</span>
        <input
          className={fieldClass}
          placeholder="Reason (optional)"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      {ENTRY_VERBS.map((verb) => {
        const fitting = rows.filter((row) => isOffered(verb, row.state));
        if (fitting.length === 0) return null;
        return (
          <Button
            key={verb}
            disabled={isPending}
            onClick={() => startTransition(() => onAct(verb, fitting, reason.trim() || undefined))}
          >
            {verbLabel(verb, fitting.length)}
            {verb === "discard" && "…"}
          </Button>
        );
      })}
      <Button look="quiet" onClick={onClear}>
        Clear selection
      </Button>
    </section>
  );
}
