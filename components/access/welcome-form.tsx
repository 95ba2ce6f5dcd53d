"use client";
import { useState, useTransition } from "react";
import { signIn } from "@/components/access/sign-in";
import { type ActionResult, answered } from "@/components/gate/gate-actions";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { fieldClass } from "@/components/ui/reason-field";

const SHORTEST_PASSWORD = 12;

/** Makes the first administrator with the link that the node printed, then signs them in. */
export function WelcomeForm({
  token,
  create,
}: {
  token: string;
  create: (input: {
    token: string;
    name: string;
    email: string;
    password: string;
  }) => Promise<ActionResult>;
}) {
  const [failure, setFailure] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function submit(form: FormData): void {
    const text = (name: string) => String(form.get(name) ?? "");
    const email = text("email").trim();
    const password = text("password");
    startTransition(async () => {
      const result = await answered(create({ token, name: text("name").trim(), email, password }));
      if (!result.ok) return setFailure(result.message);
      const signedIn = await signIn(email, password);
      window.location.assign(signedIn.ok ? "/" : "/sign-in");
    });
  }

  return (
    <Form onSend={submit} className="flex flex-col gap-4">
      <p className="text-soft">
        This link works once. The account may activate synchronisation, so keep its password safe.
      </p>
      <div role="alert" className="empty:hidden">
        {failure && (
          <p className="rounded-control border border-error-text bg-error-wash px-3 py-2 text-error-text">
            {failure}
          </p>
        )}
      </div>
      <label className="flex flex-col gap-1">
        <span className="font-medium">Name</span>
        <input name="name" autoComplete="name" required maxLength={100} className={fieldClass} />
      </label>
      <label className="flex flex-col gap-1">
        <span className="font-medium">E-mail address</span>
        <input name="email" type="email" autoComplete="username" required className={fieldClass} />
      </label>
      <label className="flex flex-col gap-1">
        <span className="font-medium">Password</span>
        <input
          name="password"
          type="password"
          autoComplete="new-password"
          required
          minLength={SHORTEST_PASSWORD}
          maxLength={200}
          className={fieldClass}
        />
        <span className="text-small text-soft">
          At least {SHORTEST_PASSWORD} characters; a sentence is fine.
        </span>
      </label>
      <Button type="submit" look="primary" disabled={isPending}>
        {isPending ? "Creating…" : "Create the administrator"}
      </Button>
    </Form>
  );
}
