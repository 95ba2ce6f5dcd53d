"use client";
import { useRef, useState, useTransition } from "react";
import type { ConnectionActions } from "@/components/connections/connection-actions";
import { answered } from "@/components/gate/gate-actions";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";
import { Form } from "@/components/ui/form";
import { fieldClass, ReasonField } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";

const TIMES: [minutes: string, words: string][] = [
  ["", "until somebody resumes it"],
  ["30", "for half an hour"],
  ["120", "for two hours"],
  ["720", "for twelve hours"],
  ["1440", "for a day"],
];

/** Halts one connection: what it means, for how long, and why. */
export function PauseDialog({
  id,
  name,
  pause,
  onClose,
}: {
  id: number;
  name: string;
  pause: ConnectionActions["pause"];
  onClose: () => void;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function submit(form: FormData): void {
    const minutes = Number(form.get("minutes")) || undefined;
    const reason = String(form.get("reason") ?? "").trim() || undefined;
    startTransition(async () => {
      const result = await answered(pause({ id, reason, forMinutes: minutes }));
      if (!result.ok) return setRefusal(result.message);
      ref.current?.close();
      toast(`${name} is paused.`);
    });
  }

  return (
    <Dialog ref={ref} title={`Pause ${name}`} onClose={onClose}>
      <Form onSend={submit}>
        <div className="flex flex-col gap-4 px-5 pt-3 pb-5">
          <p>
            Nothing more is sent for this connection; a plan that is half sent stops where it is.
            Changes are still detected, and wait in the Sync Queue. Other connections go on.
          </p>
          <label className="flex flex-col gap-1">
            <span className="font-medium">How long</span>
            <select name="minutes" className={fieldClass}>
              {TIMES.map(([minutes, words]) => (
                <option key={minutes} value={minutes}>
                  {words}
                </option>
              ))}
            </select>
          </label>
          <ReasonField placeholder="their Jira is being upgraded" />
          <p role="alert" className="text-error-text empty:hidden">
            {refusal}
          </p>
        </div>
        <DialogButtons>
          <Button onClick={() => ref.current?.close()}>Leave it running</Button>
          <Button type="submit" look="primary" disabled={isPending}>
            Pause the connection
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
