"use client";
import { useRef, useState, useTransition } from "react";
import { answered, type GateActions } from "@/components/gate/gate-actions";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";
import { Form } from "@/components/ui/form";
import { ReasonField } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import { count, isAre } from "@/components/ui/words";
import { cappedCount, type GateStatus } from "@/lib/gate/status";

/** Says what stops and what goes on, before it closes the gate. */
export function DeactivationDialog({
  gate,
  deactivate,
  onClose,
}: {
  gate: GateStatus;
  deactivate: GateActions["deactivate"];
  onClose: () => void;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function submit(form: FormData): void {
    const reason = String(form.get("reason") ?? "").trim();
    startTransition(async () => {
      const result = await answered(deactivate(reason ? { reason } : {}));
      if (!result.ok) return setRefusal(result.message);
      ref.current?.close();
      toast("Nothing new is sent from now on.");
    });
  }

  return (
    <Dialog ref={ref} title="Deactivate synchronisation" onClose={onClose}>
      <Form onSend={submit}>
        <div className="flex flex-col gap-4 px-5 pt-3 pb-5">
          <ul className="flex list-disc flex-col gap-1 pl-5">
            <li>No new write begins.</li>
            <li>
              {gate.openPermits === 0
                ? "No write is under way just now."
                : `${count(gate.openPermits, "write")} ${isAre(gate.openPermits)} under way and will finish.`}
            </li>
            <li>
              Changes are still detected and wait in the Sync Queue
              {gate.ready > 0 && `, with the ${cappedCount(gate.ready)} that are not sent yet`}.
            </li>
            <li>It stays inactive until an administrator activates it again.</li>
          </ul>
          <ReasonField placeholder="maintenance at the partner" />
          <p role="alert" className="text-error-text empty:hidden">
            {refusal}
          </p>
        </div>
        <DialogButtons>
          <Button onClick={() => ref.current?.close()}>Stay active</Button>
          <Button type="submit" look="danger" disabled={isPending || gate.state !== "active"}>
            {isPending ? "Deactivating…" : "Deactivate sync"}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
