"use client";
import { useState, useTransition } from "react";
import { signIn } from "@/components/access/sign-in";
import { type ActionResult, answered } from "@/components/gate/gate-actions";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { fieldClass } from "@/components/ui/reason-field";

/** Takes up an invitation with a password of one's own, then signs in. */
export function InvitedForm({
  token,
  email,
  accept,
}: {
  token: string;
  email: string;
  accept: (input: { token: string; password: string }) => Promise<ActionResult>;
}) {
  const [failure, setFailure] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function submit(form: FormData): void {
    const password = String(form.get("password") ?? "");
    startTransition(async () => {
      const result = await answered(accept({ token, password }));
      if (!result.ok) return setFailure(result.message);
      const signedIn = await signIn(email, password);
      window.location.assign(signedIn.ok ? "/" : "/sign-in");
    });
  }

  return (
    <Form onSend={submit} className="flex flex-col gap-4">
      <p className="text-soft">Your account is {email}. This link works once.</p>
      <p role="alert" className="text-error-text empty:hidden">
        {failure}
      </p>
      <input type="hidden" name="username" autoComplete="username" defaultValue={email} />
      <label className="flex flex-col gap-1">
        <span className="font-medium">Password, at least 12 characters</span>
        <input
          name="password"
          type="password"
          autoComplete="new-password"
          required
          minLength={12}
          maxLength={200}
          className={fieldClass}
        />
      </label>
      <Button type="submit" look="primary" disabled={isPending}>
        {isPending ? "Creating…" : "Create the account"}
      </Button>
    </Form>
  );
}
