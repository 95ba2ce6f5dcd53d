"use client";
import { useState } from "react";
import type { ActivationActions } from "@/components/activation/activation-actions";
import type { ConnectionSides } from "@/components/activation/activation-words";
import { Button } from "@/components/ui/button";
import { laterDialog } from "@/components/ui/later";
import { Mark } from "@/components/ui/mark";
import { ExactMoment, Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { count, isAre, list } from "@/components/ui/words";
import { cappedCount, type GateStatus } from "@/lib/gate/status";

const DeactivationDialog = laterDialog(
  async () => (await import("@/components/gate/deactivation-dialog")).DeactivationDialog,
);

/** While the gate is open or closing: who opened it and for what, and the way to shut it. */
export function OpenPanel({
  gate,
  sides,
  deactivate,
}: {
  gate: GateStatus;
  sides: ConnectionSides[];
  deactivate: ActivationActions["deactivate"] | null;
}) {
  const [isDeactivating, setIsDeactivating] = useState(false);
  const isClosing = gate.state === "closing";
  const opened = sides.filter(({ id }) => gate.scope.includes(id)).map(({ name }) => name);
  return (
    <Panel title={isClosing ? "Synchronisation is closing" : "Synchronisation is active"}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3 px-4 py-4">
        <div className="flex min-w-0 flex-1 basis-72 items-start gap-2.5">
          <Mark name={isClosing ? "closedGate" : "openGate"} className="mt-0.5 size-5" />
          <div>
            <p className="text-large font-semibold">
              {isClosing
                ? gate.openPermits === 0
                  ? "Nothing new is sent. No write is under way any more."
                  : `${count(gate.openPermits, "write")} ${isAre(gate.openPermits)} still under way; nothing new is sent.`
                : gate.ready > 0
                  ? `${cappedCount(gate.ready)} ${gate.ready === 1 ? "issue" : "issues"} to send.`
                  : "In step. Changes are sent as they come."}
            </p>
            <p>
              {isClosing ? "Closing" : "Active"} since <ExactMoment at={gate.since} /> (
              <Moment at={gate.since} align="start" />){gate.by && ` by ${gate.by}`}
              {gate.reason && `: “${gate.reason}”`}
            </p>
            {gate.scope.length > 0 && !isClosing && (
              <p>
                Active for <strong className="font-semibold">{list(opened)}</strong> only; the other
                connections stay inactive. To include them, deactivate and choose again.
              </p>
            )}
          </div>
        </div>
        {deactivate && !isClosing && (
          <Button onClick={() => setIsDeactivating(true)}>Deactivate…</Button>
        )}
      </div>
      {isDeactivating && deactivate && (
        <DeactivationDialog
          gate={gate}
          deactivate={deactivate}
          onClose={() => setIsDeactivating(false)}
        />
      )}
    </Panel>
  );
}
