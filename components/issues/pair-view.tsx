"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { SideNames } from "@/components/entry/plan-words";
import { DecidePanel } from "@/components/issues/decide-panel";
import { HistoryPanels } from "@/components/issues/history-panels";
import { pairQuery } from "@/components/issues/issues-query";
import type { PairActions } from "@/components/issues/pair-actions";
import { PairHeader } from "@/components/issues/pair-header";
import { SidesPanel } from "@/components/issues/sides-panel";
import { whyWords } from "@/components/issues/why-words";
import { useGate } from "@/components/live/live-provider";
import type { GateStatus } from "@/lib/gate/status";
import type { PairDetail } from "@/lib/pairs/pair";

/** A pair: how it stands and why, both sides and their base, and everything that ever happened to it. */
export function PairView({
  initial,
  gate: initialGate,
  actions,
}: {
  initial: PairDetail;
  gate: GateStatus;
  actions: PairActions;
}) {
  const { id } = initial.row;
  const { data } = useQuery({ ...pairQuery(id), initialData: initial as PairDetail | null });
  // When the pair ends while somebody reads of it, what they were reading stays.
  const [last, setLast] = useState(initial);
  if (data && data !== last) setLast(data);
  const pair = data ?? last;
  const { gate } = useGate(initialGate);
  const names: SideNames = { local: pair.local, remote: pair.remote };
  return (
    <>
      {data === null && (
        <p role="status" className="rounded-panel border border-line bg-surface px-4 py-3">
          This pair has ended while you were reading: its issues are not kept in step any more. What
          you see is its last state.
        </p>
      )}
      <PairHeader pair={pair} why={whyWords(pair, gate?.state ?? null)} actions={actions} />
      {isForDeciding(pair) && <DecidePanel pair={pair} actions={actions} />}
      <SidesPanel pair={pair} />
      <HistoryPanels id={id} names={names} />
    </>
  );
}

/** Whether both sides changed a field, or somebody has chosen already. */
function isForDeciding({ choices, entry }: PairDetail): boolean {
  const conflicts = entry?.plan?.conflicts ?? [];
  return choices.length > 0 || conflicts.some(({ resolution }) => resolution === "hold");
}
