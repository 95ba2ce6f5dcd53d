"use client";
import { type ReactNode, useRef, useState, useTransition } from "react";
import { type ActionResult, answered } from "@/components/gate/gate-actions";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";
import { Form } from "@/components/ui/form";
import { fieldClass, ReasonField } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";

/** For what must not happen by a slip: says what will happen, and wants the name typed. */
export function TypedNameDialog({
  title,
  name,
  kind,
  act,
  done,
  withReason = false,
  send,
  onClose,
  children,
}: {
  title: string;
  name: string;
  kind: "instance" | "connection";
  /** What the button says. */
  act: string;
  /** What the toast says afterwards. */
  done: string;
  withReason?: boolean;
  send: (input: { typedName: string; reason: string | undefined }) => Promise<ActionResult>;
  onClose: () => void;
  children: ReactNode;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function submit(form: FormData): void {
    const reason = String(form.get("reason") ?? "").trim() || undefined;
    startTransition(async () => {
      const result = await answered(send({ typedName: typed.trim(), reason }));
      if (!result.ok) return setRefusal(result.message);
      ref.current?.close();
      toast(done);
    });
  }

  return (
    <Dialog ref={ref} title={title} onClose={onClose}>
      <Form onSend={submit}>
        <div className="flex flex-col gap-4 px-5 pt-3 pb-5">
          {children}
          <label className="flex flex-col gap-1">
            <span className="font-medium">
              Type the {kind}'s name, <span className="font-mono select-all">{name}</span>
            </span>
            <input
              name="typedName"
              className={fieldClass}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              required
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </label>
          {withReason && <ReasonField placeholder="the other node was switched off" />}
          <p role="alert" className="text-error-text empty:hidden">
            {refusal}
          </p>
        </div>
        <DialogButtons>
          <Button onClick={() => ref.current?.close()}>Leave it as it is</Button>
          <Button type="submit" look="danger" disabled={isPending || typed.trim() !== name}>
            {act}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
