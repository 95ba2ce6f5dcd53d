"use client";
import { useId, useRef, useState, useTransition } from "react";
import type { ActivationActions } from "@/components/activation/activation-actions";
import { ANCHORED, anchors } from "@/components/activation/anchors";
import { answered } from "@/components/gate/gate-actions";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { Mark } from "@/components/ui/mark";
import { fieldClass } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import type { ActivationView } from "@/lib/identity/activation";

type Named = ActivationView["rejectedTokens"][number];

/** `unreadable`: sealed with another node's key. `rejected`: by this instance, or by the other one of its connection. */
const WORDS = {
  unreadable: {
    title: (name: string) => `The access token for ${name} cannot be opened`,
    what: (name: string) =>
      `It was sealed with another node's key. Nothing is read from ${name} or sent to it until that key is here, or the token is entered again.`,
    advice: "Enter it only if this node is meant to use this instance.",
  },
  rejected: {
    title: (name: string) => `The access token for ${name} may have run out`,
    what: (name: string) =>
      `A connection of ${name} stopped because an access token was rejected; its message says by which instance.`,
    advice: "If it was this one, make a new token there and enter it here.",
  },
} as const;

/** An instance whose access token has to be entered again. */
export function TokenLine({
  instance,
  trouble,
  renew,
}: {
  instance: Named;
  trouble: keyof typeof WORDS;
  /** Null for people who may only look. */
  renew: ActivationActions["renewToken"] | null;
}) {
  const { advice, ...words } = WORDS[trouble];
  const title = words.title(instance.name);
  const form = useRef<HTMLFormElement>(null);
  const refusalId = useId();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function submit(typed: FormData): void {
    if (!renew || isPending) return;
    const token = String(typed.get("token") ?? "").trim();
    startTransition(async () => {
      const result = await answered(renew({ id: instance.id, token }));
      if (!result.ok) return setRefusal(result.message);
      setRefusal(null);
      form.current?.reset();
      toast(`The access token for ${instance.name} is kept.`);
    });
  }

  return (
    <section
      aria-label={title}
      id={anchors.token(instance.id)}
      className={`flex items-start gap-2.5 px-4 py-3 ${ANCHORED}`}
    >
      <Mark name="error" className="mt-0.5 size-4 text-closed-text" />
      <div className="min-w-0 flex-1">
        <h3 className="font-medium">{title}</h3>
        <p className="max-w-prose text-soft">
          {words.what(instance.name)} {renew ? advice : "An administrator can enter it."}
        </p>
        {renew && (
          <Form ref={form} onSend={submit} className="mt-2 flex max-w-xl flex-col gap-1">
            <div className="flex flex-wrap items-end gap-x-3 gap-y-2">
              <label className="flex min-w-0 flex-1 basis-56 flex-col gap-1">
                <span className="font-medium">Access token for {instance.name}</span>
                <input
                  name="token"
                  type="password"
                  required
                  maxLength={4_000}
                  autoComplete="off"
                  autoCapitalize="off"
                  spellCheck={false}
                  className={fieldClass}
                  aria-invalid={refusal !== null}
                  aria-describedby={refusalId}
                />
              </label>
              <Button type="submit" disabled={isPending}>
                {isPending ? "Keeping it…" : "Keep this token"}
              </Button>
            </div>
            <p id={refusalId} role="alert" className="text-error-text empty:hidden">
              {refusal}
            </p>
          </Form>
        )}
      </div>
    </section>
  );
}
