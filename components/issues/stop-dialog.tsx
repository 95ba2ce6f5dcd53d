"use client";
import { useRef, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";
import { Form } from "@/components/ui/form";
import { ReasonField } from "@/components/ui/reason-field";
import type { PairDetail } from "@/lib/pairs/pair";

/** Says what stopping means before it is done; it can be taken back at any time. */
export function StopDialog({
  pair: { row, local, remote, entry },
  stop,
  onClose,
}: {
  pair: PairDetail;
  stop: (reason: string | undefined) => Promise<boolean>;
  onClose: () => void;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const [isPending, startTransition] = useTransition();
  const [failed, setFailed] = useState(false);
  const key = row.localKey ?? row.remoteKey;

  function submit(form: FormData): void {
    const reason = String(form.get("reason") ?? "").trim();
    startTransition(async () => {
      const isDone = await stop(reason || undefined);
      setFailed(!isDone);
      if (isDone) ref.current?.close();
    });
  }

  return (
    <Dialog ref={ref} title={`Stop sync of ${key}`} onClose={onClose}>
      <Form onSend={submit}>
        <div className="flex flex-col gap-3 px-5 pt-3 pb-5">
          <p>
            Both issues stay as they are
            {local.key && remote.key && (
              <>
                {" "}
                (<span className="font-mono">{local.key}</span> and{" "}
                <span className="font-mono">{remote.key}</span>)
              </>
            )}
            . Later changes of either are not sent to the other, and no trigger brings them in
            again.
            {entry && " What waits for them leaves the Sync Queue without being sent."}
          </p>
          <p className="text-soft">
            You can start it again at any time; it goes on from what both looked like when they were
            last in step.
          </p>
          <ReasonField placeholder="the customer’s project has ended" />
          <p role="alert" className="text-error-text empty:hidden">
            {failed ? "Nothing was stopped. The message at the edge of the page says why." : null}
          </p>
        </div>
        <DialogButtons>
          <Button onClick={() => ref.current?.close()}>Keep it under sync</Button>
          <Button type="submit" look="danger" disabled={isPending}>
            Stop sync of {key}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
