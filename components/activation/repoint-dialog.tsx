"use client";
import { type ComponentProps, useRef, useState, useTransition } from "react";
import type { ActivationActions } from "@/components/activation/activation-actions";
import { answered } from "@/components/gate/gate-actions";
import { Address } from "@/components/ui/address";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";
import { Form } from "@/components/ui/form";
import { fieldClass } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import type { HeldConnection } from "@/lib/identity/activation";

/** Points one side of a connection at another instance: the rehearsal's own, mostly. */
export function RepointDialog({
  connection,
  side,
  repoint,
  onClose,
}: {
  connection: Pick<HeldConnection, "id" | "name">;
  side: Pick<HeldConnection["sides"][number], "side" | "instance" | "project" | "address">;
  repoint: ActivationActions["repointSide"];
  onClose: () => void;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function submit(form: FormData): void {
    const text = (name: string) => String(form.get(name) ?? "").trim();
    startTransition(async () => {
      const result = await answered(
        repoint({
          id: connection.id,
          side: side.side,
          instance: { name: text("name"), baseUrl: text("baseUrl"), token: text("token") },
          project: text("project"),
        }),
      );
      if (!result.ok) return setRefusal(result.message);
      ref.current?.close();
      toast(`${connection.name} points at ${text("name")} from now on.`);
    });
  }

  return (
    <Dialog
      ref={ref}
      title={`Point the ${side.side} side of ${connection.name} elsewhere`}
      onClose={onClose}
    >
      <Form onSend={submit}>
        <div className="flex flex-col gap-4 px-5 pt-3 pb-5">
          <p>
            Instead of {side.instance}, project <span className="font-mono">{side.project}</span> (
            <span className="font-mono">
              <Address of={side.address} />
            </span>
            ). Afterwards every pair of this connection is unverified: nothing is written to an
            issue until the mark we left on it is found there, and a pair whose mark is missing
            ends. A webhook that is registered at {side.instance} stays there.
          </p>
          <Field
            label="Name of the instance"
            name="name"
            placeholder="e.g. Acme staging"
            maxLength={100}
          />
          <Field
            label="Address"
            name="baseUrl"
            type="url"
            inputMode="url"
            placeholder="e.g. https://jira-staging.example.com"
            maxLength={500}
          />
          <Field
            label="Personal access token of the sync account there"
            name="token"
            type="password"
            maxLength={4_000}
          />
          <Field label="Project" name="project" defaultValue={side.project} maxLength={100} />
          <p role="alert" className="text-error-text empty:hidden">
            {refusal}
          </p>
        </div>
        <DialogButtons>
          <Button onClick={() => ref.current?.close()}>Leave it as it is</Button>
          <Button type="submit" look="primary" disabled={isPending}>
            {isPending ? "Asking the instance…" : "Point it there"}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}

function Field({ label, ...rest }: { label: string } & ComponentProps<"input">) {
  return (
    <label className="flex flex-col gap-1">
      <span className="font-medium">{label}</span>
      <input
        required
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        className={fieldClass}
        {...rest}
      />
    </label>
  );
}
