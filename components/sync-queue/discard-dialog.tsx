"use client";
import { useRef, useState, useTransition } from "react";
import { verbLabel } from "@/components/sync-queue/entry-actions";
import type { Target } from "@/components/sync-queue/use-entry-actions";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";
import { Form } from "@/components/ui/form";
import { ReasonField } from "@/components/ui/reason-field";

const NAMED = 8;

/** Discarding cannot be taken back, so it says what will happen before it does. */
export function DiscardDialog({
  targets,
  initialReason,
  discard,
  onClose,
}: {
  targets: Target[];
  /** What was typed beside the rows already. */
  initialReason?: string | undefined;
  discard: (reason: string | undefined) => Promise<boolean>;
  onClose: () => void;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const [isPending, startTransition] = useTransition();
  const [failed, setFailed] = useState(false);

  function submit(form: FormData): void {
    const reason = String(form.get("reason") ?? "").trim();
    startTransition(async () => {
      const isDone = await discard(reason || undefined);
      setFailed(!isDone);
      if (isDone) ref.current?.close();
    });
  }

  return (
    <Dialog ref={ref} title={verbLabel("discard", targets.length)} onClose={onClose}>
      <Form onSend={submit}>
        <div className="flex flex-col gap-4 px-5 pt-3 pb-5">
          <p>
            What waits for{" "}
            <span className="font-mono">
              {targets
                .slice(0, NAMED)
                .map((target) => target.issueKey)
                .join(", ")}
            </span>
            {targets.length > NAMED && ` and ${targets.length - NAMED} more`} will not be sent, and
            the two sides stay different. The issues themselves are not touched. The next change of
            one brings it back to the queue, with everything that differs by then.
          </p>
          <ReasonField defaultValue={initialReason} placeholder="test data" />
          <p role="alert" className="text-error-text empty:hidden">
            {failed ? "Nothing was discarded. The message at the edge of the page says why." : null}
          </p>
        </div>
        <DialogButtons>
          <Button onClick={() => ref.current?.close()}>Keep in the queue</Button>
          <Button type="submit" look="danger" disabled={isPending || targets.length === 0}>
            {verbLabel("discard", targets.length)}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
