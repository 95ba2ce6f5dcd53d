"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  actLabel,
  FILTER_ACTS,
  type FilterAct,
  type FilterActions,
} from "@/components/sync-queue/entry-actions";
import { queueQuery } from "@/components/sync-queue/queue-query";
import { Button } from "@/components/ui/button";
import { laterDialog } from "@/components/ui/later";
import { COUNT_CAP } from "@/lib/gate/status";
import type { QueueFilter } from "@/lib/sync-queue/row";

const FilterActDialog = laterDialog(
  async () => (await import("@/components/sync-queue/filter-act-dialog")).FilterActDialog,
);

/** Acts on everything that a filter matches, also what is on other pages. */
export function FilterActs({
  filter,
  total,
  isCounting,
  actions,
}: {
  filter: QueueFilter;
  total: number;
  /** The total is still that of the filter before. */
  isCounting: boolean;
  actions: FilterActions;
}) {
  const [act, setAct] = useState<FilterAct | null>(null);
  const heldFilter = { ...filter, state: "held" as const };
  // Only what is held can be released: of a wider filter that part is counted by itself.
  const held = useQuery({
    ...queueQuery({ filter: heldFilter, cursor: null }),
    enabled: filter.state === undefined,
  });
  const acts: Record<FilterAct, { amount: number; filter: QueueFilter }> = {
    release: {
      amount: filter.state === "held" ? total : filter.state ? 0 : (held.data?.total ?? 0),
      filter: heldFilter,
    },
    discard: { amount: filter.state === "running" ? 0 : total, filter },
  };
  return (
    <>
      {FILTER_ACTS.map((candidate) => {
        const { amount } = acts[candidate];
        if (amount === 0 || amount > COUNT_CAP) return null;
        return (
          <Button
            key={candidate}
            size="small"
            disabled={isCounting || (candidate === "release" && held.isPlaceholderData)}
            onClick={() => setAct(candidate)}
          >
            {actLabel(candidate, amount)} that {amount === 1 ? "matches" : "match"}…
          </Button>
        );
      })}
      {act && (
        <FilterActDialog
          act={act}
          filter={acts[act].filter}
          shown={acts[act].amount}
          actions={actions}
          onClose={() => setAct(null)}
        />
      )}
    </>
  );
}
