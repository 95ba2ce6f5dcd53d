"use client";
import { useState, useTransition } from "react";
import { signIn } from "@/components/access/sign-in";
import { signInFailure } from "@/components/access/sign-in-words";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { fieldClass } from "@/components/ui/reason-field";

/** Name and password. What went wrong stands above the fields, and never says which of the two it was. */
export function SignInForm({ next }: { next: string }) {
  const [failure, setFailure] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function submit(form: FormData): void {
    startTransition(async () => {
      const result = await signIn(String(form.get("email")), String(form.get("password")));
      if (result.ok) window.location.assign(next);
      else setFailure(signInFailure(result.error));
    });
  }

  return (
    <Form onSend={submit} className="flex flex-col gap-4">
      <div role="alert" className="empty:hidden">
        {failure && (
          <p className="rounded-control border border-error-text bg-error-wash px-3 py-2 text-error-text">
            {failure}
          </p>
        )}
      </div>
      <label className="flex flex-col gap-1">
        <span className="font-medium">E-mail address</span>
        <input name="email" type="email" autoComplete="username" required className={fieldClass} />
      </label>
      <label className="flex flex-col gap-1">
        <span className="font-medium">Password</span>
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          required
          className={fieldClass}
        />
      </label>
      <Button type="submit" look="primary" disabled={isPending}>
        {isPending ? "Signing in…" : "Sign in"}
      </Button>
    </Form>
  );
}
