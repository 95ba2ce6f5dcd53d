"use client";
import { useState, useTransition } from "react";
import { type ActionResult, answered } from "@/components/gate/gate-actions";
import {
  addressesIn,
  MAIL_KIND_WORDS,
  SECURITY_WORDS,
  USUAL_PORTS,
} from "@/components/settings/mail-words";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { Mark } from "@/components/ui/mark";
import { Panel } from "@/components/ui/panel";
import { fieldClass } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import {
  MAIL_KINDS,
  MAIL_SECURITY,
  type MailKind,
  type MailSecurity,
  type MailSettings,
} from "@/lib/mail/mail";
import type { MailInput, TestMailInput } from "@/lib/mail/mail-input";

type Tested = { ok: true; value: { isSent: boolean; answer: string } };

export type MailActions = {
  saveMailSettings: (input: MailInput) => Promise<ActionResult>;
  sendTestMail: (input: TestMailInput) => Promise<Tested | Extract<ActionResult, { ok: false }>>;
};

/** Told by its outline, as a shut button is. */
const SHUT = "disabled:border-dashed disabled:bg-transparent";

type Told = { isSent: boolean; words: string };

/** How mail is sent, to whom, and what for. */
export function MailPanel({
  settings,
  me,
  actions,
}: {
  settings: MailSettings | null;
  me: string;
  actions: MailActions;
}) {
  const server = settings?.server;
  const [security, setSecurity] = useState<MailSecurity>(server?.security ?? "starttls");
  const [port, setPort] = useState(String(server?.port ?? USUAL_PORTS.starttls));
  const [refusal, setRefusal] = useState<string | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const [isPending, startTransition] = useTransition();

  function chooseSecurity(next: MailSecurity): void {
    // A port that somebody chose stays.
    if (Number(port) === USUAL_PORTS[security]) setPort(String(USUAL_PORTS[next]));
    setSecurity(next);
  }

  function save(form: FormData): void {
    startTransition(async () => {
      const input = inputOf(form);
      const result = await answered(actions.saveMailSettings(input));
      setRefusal(result.ok ? null : result.message);
      if (result.ok) toast(input.isOn ? "Saved. People are told from now on." : "Saved, and off.");
    });
  }

  function test(form: FormData): void {
    startTransition(async () => {
      setTold(null);
      const { server, recipients } = inputOf(form);
      const asked = actions.sendTestMail({ server, recipients });
      const result = await answered(asked as Promise<ActionResult>);
      setRefusal(result.ok ? null : result.message);
      if (!result.ok) return;
      const { isSent, answer } = ((await asked) as Tested).value;
      setTold({ isSent, words: `${server.host} answered: ${answer}` });
    });
  }

  return (
    <Panel title="Mail to people">
      <Form onSend={save} className="flex flex-col gap-6 p-4">
        {settings && !settings.isOurs && (
          <p className="max-w-prose text-closed-text">
            These settings came with the copy that this node is. Nothing is sent until you save them
            here, so that it writes to nobody in the original's name.
          </p>
        )}
        <label className="flex items-start gap-2">
          <input
            type="checkbox"
            name="isOn"
            defaultChecked={settings?.isOn ?? true}
            className="mt-0.5 size-4"
          />
          <span>
            <span className="font-medium">Tell people by mail</span>
            <span className="block text-soft">
              Also while sync is inactive: a mail writes nothing to an instance.
            </span>
          </span>
        </label>

        <div className="grid gap-6 lg:grid-cols-2">
          <fieldset className="flex min-w-0 flex-col gap-3">
            <legend className="mb-2 font-medium">Server</legend>
            <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_6rem]">
              <Field label="Host">
                <input
                  name="host"
                  required
                  maxLength={253}
                  autoComplete="off"
                  spellCheck={false}
                  defaultValue={server?.host}
                  placeholder="e.g. smtp.example.com"
                  className={fieldClass}
                />
              </Field>
              <Field label="Port">
                <input
                  name="port"
                  type="number"
                  required
                  min={1}
                  max={65_535}
                  value={port}
                  onChange={(event) => setPort(event.target.value)}
                  className={fieldClass}
                />
              </Field>
            </div>
            <Field label="Encryption">
              <select
                name="security"
                value={security}
                onChange={(event) => chooseSecurity(event.target.value as MailSecurity)}
                className={fieldClass}
              >
                {MAIL_SECURITY.toSorted((a, b) => USUAL_PORTS[b] - USUAL_PORTS[a]).map((each) => (
                  <option key={each} value={each}>
                    {SECURITY_WORDS[each]}
                  </option>
                ))}
              </select>
            </Field>
            <div className="grid gap-3 sm:grid-cols-2">
              <Field
                label="User"
                note={security === "none" ? "only with encryption" : "if it asks"}
              >
                <input
                  name="user"
                  maxLength={320}
                  autoComplete="off"
                  spellCheck={false}
                  disabled={security === "none"}
                  defaultValue={server?.user ?? ""}
                  className={`${fieldClass} ${SHUT}`}
                />
              </Field>
              <Field label="Password">
                <input
                  name="password"
                  type="password"
                  maxLength={1_000}
                  autoComplete="new-password"
                  disabled={security === "none"}
                  placeholder={server?.hasPassword ? "kept, unless you enter another" : ""}
                  className={`${fieldClass} ${SHUT}`}
                />
              </Field>
            </div>
            <Field label="From">
              <input
                name="sender"
                type="email"
                required
                maxLength={320}
                autoComplete="off"
                defaultValue={server?.sender}
                placeholder="e.g. exalate@example.com"
                className={fieldClass}
              />
            </Field>
          </fieldset>

          <fieldset className="flex min-w-0 flex-col gap-3">
            <legend className="mb-2 font-medium">Who is told</legend>
            <Field label="Addresses, one a line">
              <textarea
                name="recipients"
                required
                rows={3}
                spellCheck={false}
                defaultValue={(settings?.recipients ?? [me]).join("\n")}
                className={`${fieldClass} h-auto py-2`}
              />
            </Field>
            <ul className="flex flex-col gap-2">
              {MAIL_KINDS.map((kind) => (
                <li key={kind}>
                  <label className="flex items-start gap-2">
                    <input
                      type="checkbox"
                      name="kinds"
                      value={kind}
                      defaultChecked={settings?.kinds.includes(kind) ?? true}
                      className="mt-0.5 size-4"
                    />
                    <span>
                      {MAIL_KIND_WORDS[kind].name}
                      <span className="block text-soft">{MAIL_KIND_WORDS[kind].words}</span>
                    </span>
                  </label>
                </li>
              ))}
            </ul>
            <label className="flex flex-wrap items-center gap-2 pl-6">
              <span>Inactive for long means</span>
              <span className="w-20">
                <input
                  name="backlogHours"
                  type="number"
                  required
                  min={1}
                  max={168}
                  defaultValue={settings?.backlogHours ?? 4}
                  className={fieldClass}
                />
              </span>
              <span>hours.</span>
            </label>
          </fieldset>
        </div>

        <p role="alert" className="text-error-text empty:hidden">
          {refusal}
        </p>
        <p aria-live="polite" className="empty:hidden">
          {told && (
            <span
              className={`inline-flex items-center gap-1.5 ${told.isSent ? "text-fine" : "text-error-text"}`}
            >
              <Mark name={told.isSent ? "done" : "failed"} />
              <span className="break-words">{told.words}</span>
            </span>
          )}
        </p>
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="primary" disabled={isPending}>
            Save the mail settings
          </Button>
          <Button
            disabled={isPending}
            onClick={(event) => {
              const form = event.currentTarget.form;
              if (form?.reportValidity()) test(new FormData(form));
            }}
          >
            {isPending ? "Waiting for the server…" : "Send a test mail"}
          </Button>
        </div>
      </Form>
    </Panel>
  );
}

function Field({
  label,
  note,
  children,
}: {
  label: string;
  note?: string;
  children: React.ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="flex min-w-0 flex-col gap-1">
      <span>
        {label} {note && <span className="text-soft">({note})</span>}
      </span>
      {children}
    </label>
  );
}

function inputOf(form: FormData): MailInput {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const password = String(form.get("password") ?? "");
  return {
    isOn: form.get("isOn") !== null,
    server: {
      host: text("host"),
      port: Number(text("port")),
      security: text("security") as MailSecurity,
      user: text("user") || null,
      ...(password ? { password } : {}),
      sender: text("sender"),
    },
    recipients: addressesIn(text("recipients")),
    kinds: form.getAll("kinds").map((kind) => String(kind) as MailKind),
    backlogHours: Number(text("backlogHours")),
  };
}
