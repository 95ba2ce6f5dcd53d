"use client";
import { useId, useRef, useState, useTransition } from "react";
import { type ActionResult, answered } from "@/components/gate/gate-actions";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";
import { Form } from "@/components/ui/form";
import { toast } from "@/components/ui/toast";

/** Asks for the password of who is signed in; doing what was refused is left to them. */
export function PasswordDialog({
  confirm,
  onClose,
}: {
  confirm: (input: { password: string }) => Promise<ActionResult>;
  onClose: () => void;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const fieldId = useId();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function submit(form: FormData): void {
    const password = String(form.get("password") ?? "");
    startTransition(async () => {
      const result = await answered(confirm({ password }));
      if (!result.ok) return setRefusal(result.message);
      ref.current?.close();
      toast("Thank you. Nothing was done yet: press the button again.");
    });
  }

  return (
    <Dialog ref={ref} title="Your password, please" onClose={onClose}>
      <Form onSend={submit}>
        <div className="flex flex-col gap-3 px-5 pt-3 pb-5">
          <p>You signed in a while ago, and this cannot be undone. Nothing was done yet.</p>
          <div className="flex flex-col gap-1">
            <label htmlFor={fieldId} className="font-medium">
              Password
            </label>
            <input
              id={fieldId}
              name="password"
              type="password"
              required
              autoComplete="current-password"
              className="h-9 rounded-control border border-control bg-surface px-3"
            />
          </div>
          <p role="alert" className="text-error-text empty:hidden">
            {refusal}
          </p>
        </div>
        <DialogButtons>
          <Button onClick={() => ref.current?.close()}>Leave it</Button>
          <Button type="submit" look="primary" disabled={isPending}>
            {isPending ? "Checking…" : "Confirm"}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
