"use client";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState, useTransition } from "react";
import { toast } from "sonner";
import { activationLabel, whatHappened } from "@/components/gate/activation-words";
import { answered, type GateActions } from "@/components/gate/gate-actions";
import { overviewQuery } from "@/components/overview/overview-query";
import { WaitingByConnection } from "@/components/overview/waiting-by-connection";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";
import { Form } from "@/components/ui/form";
import { ExactMoment, Moment } from "@/components/ui/moment";
import { ReasonField } from "@/components/ui/reason-field";
import { count } from "@/components/ui/words";
import { sameFence } from "@/lib/gate/gate";
import { cappedCount, type GateStatus } from "@/lib/gate/status";

/**
 * What happened, what waits, and one button that says what it will do. It names the fence that was
 * shown when it opened: a dialog left open over lunch opens nothing.
 */
export function ActivationDialog({
  gate,
  activate,
  onClose,
}: {
  gate: GateStatus;
  activate: GateActions["activate"];
  onClose: () => void;
}) {
  const [shown, setShown] = useState(gate.fence);
  const [refusal, setRefusal] = useState<string | null>(null);
  const ref = useRef<HTMLDialogElement>(null);
  const [isPending, startTransition] = useTransition();
  const overview = useQuery(overviewQuery());
  const isInactive = gate.state === "inactive";
  const hasMoved = !sameFence(shown, gate.fence);

  function look(): void {
    setShown(gate.fence);
    setRefusal(null);
  }

  function submit(form: FormData): void {
    const reason = String(form.get("reason") ?? "").trim();
    startTransition(async () => {
      const result = await answered(activate({ fence: shown, ...(reason ? { reason } : {}) }));
      if (!result.ok) return setRefusal(result.message);
      ref.current?.close();
      toast(
        result.workersWoken === false
          ? "Synchronisation is active, but no worker has answered yet."
          : "Synchronisation is active.",
      );
    });
  }

  return (
    <Dialog ref={ref} title="Review and activate" onClose={onClose}>
      <Form onSend={submit}>
        <div className="flex flex-col gap-5 px-5 pt-3 pb-5">
          {isInactive && (
            <section aria-label="What happened" className="flex flex-col gap-1">
              <h3 className="text-soft">What happened</h3>
              <WhatHappened gate={gate} />
            </section>
          )}
          <section aria-label="What waits" className="flex flex-col gap-2">
            <h3 className="text-soft">What waits</h3>
            <p>
              <strong className="text-title font-semibold">{cappedCount(gate.waiting)}</strong>{" "}
              {gate.waiting === 1 ? "issue" : "issues"}
              {gate.oldestWaitingAt && (
                <>
                  , the oldest for <Moment at={gate.oldestWaitingAt} as="age" align="start" />
                </>
              )}
              {gate.held > 0 && <>; {cappedCount(gate.held)} held, which stay here</>}
              {gate.failed > 0 && <>; {cappedCount(gate.failed)} failed, which need you</>}
            </p>
            <WaitingByConnection
              backlog={overview.data?.backlog ?? null}
              isBroken={overview.isError}
            />
          </section>
          {gate.stoppedConnections.length > 0 && (
            <p className="text-error-text">
              {count(gate.stoppedConnections.length, "connection")} stopped (
              {gate.stoppedConnections.map((connection) => connection.name).join(", ")}): what waits
              there stays until it works again.
            </p>
          )}
          <ReasonField label="Reason" placeholder="after the 02:00 patch" />
          <div role="alert" className="empty:hidden">
            {(refusal ?? (hasMoved ? "The gate changed while this was open." : null)) && (
              <div className="rounded-control border border-error-text bg-error-wash p-3">
                <p className="font-medium text-error-text">
                  {refusal ?? "The gate changed while this was open."}
                </p>
                <p className="mt-1">
                  Now: {gate.state}, since <Moment at={gate.since} as="clock" align="start" />
                  {gate.by ? ` by ${gate.by}` : ""}.
                </p>
                {isInactive && (
                  <Button size="small" className="mt-2" onClick={look}>
                    Use the state shown now
                  </Button>
                )}
              </div>
            )}
          </div>
        </div>
        <DialogButtons>
          <Button onClick={() => ref.current?.close()}>
            {isInactive ? "Stay inactive" : "Close"}
          </Button>
          <Button type="submit" look="primary" disabled={isPending || hasMoved || !isInactive}>
            {isPending ? "Activating…" : activationLabel(gate.ready)}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}

function WhatHappened({ gate }: { gate: GateStatus }) {
  return (
    <>
      <p>{whatHappened(gate)}</p>
      <p className="text-soft">
        Inactive since <ExactMoment at={gate.since} /> (<Moment at={gate.since} align="start" />)
      </p>
    </>
  );
}
