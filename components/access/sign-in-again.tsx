"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState, useTransition } from "react";
import { signIn } from "@/components/access/sign-in";
import { signInFailure } from "@/components/access/sign-in-words";
import { tell } from "@/components/shell/shell-events";
import { Button, buttonClass } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";
import { Form } from "@/components/ui/form";
import { fieldClass } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";

/** Asks for the password in place; everything that waits is read again afterwards. */
export function SignInAgain({ email, onClose }: { email: string; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const client = useQueryClient();
  const passwordId = useId();
  const [failure, setFailure] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function submit(form: FormData): void {
    startTransition(async () => {
      const result = await signIn(email, String(form.get("password")));
      if (!result.ok) return setFailure(signInFailure(result.error));
      tell("signedIn");
      await client.invalidateQueries();
      dialog.current?.close();
      toast("Signed in again. Everything you typed is still here.");
    });
  }

  return (
    <Dialog ref={dialog} title="Your session has ended" onClose={onClose} width="max-w-md">
      <Form onSend={submit}>
        <div className="flex flex-col gap-3 px-5 pt-3 pb-5">
          <p>Sign in to go on where you are. What you typed on this page stays.</p>
          <div className="flex flex-col gap-1">
            <span className="font-medium">E-mail address</span>
            <input
              type="email"
              aria-label="E-mail address"
              autoComplete="username"
              value={email}
              readOnly
              className={fieldClass}
            />
          </div>
          <div className="flex flex-col gap-1">
            <label htmlFor={passwordId} className="font-medium">
              Password
            </label>
            <input
              id={passwordId}
              name="password"
              type="password"
              required
              autoFocus
              autoComplete="current-password"
              className={fieldClass}
            />
          </div>
          <p role="alert" className="text-error-text empty:hidden">
            {failure}
          </p>
        </div>
        <DialogButtons>
          <a href="/sign-in" className={buttonClass({ look: "quiet" })}>
            I am somebody else
          </a>
          <Button onClick={() => dialog.current?.close()}>Not now</Button>
          <Button type="submit" look="primary" disabled={isPending}>
            {isPending ? "Signing in…" : "Sign in"}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
