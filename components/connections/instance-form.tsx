"use client";
import { useRef, useState, useTransition } from "react";
import { Checks } from "@/components/connections/checks";
import { nameFor } from "@/components/connections/draft";
import { formatName } from "@/components/connections/format-words";
import {
  heard,
  type InstanceDraft,
  type InstanceKind,
  type SetupActions,
} from "@/components/connections/setup-actions";
import { Refusal } from "@/components/connections/step";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { fieldClass } from "@/components/ui/reason-field";
import type { Check, KnownInstance } from "@/lib/connections/setup";

/** An instance that is not known yet: tried as soon as it is sent, kept when nothing is wrong. */
export function InstanceForm({
  kinds,
  taken,
  actions,
  onAdded,
  onCancel,
}: {
  kinds: InstanceKind[];
  /** Names that other instances have. */
  taken: string[];
  actions: SetupActions;
  /** With what was found when it was tried. */
  onAdded: (instance: KnownInstance, checks: Check[]) => void;
  /** Null when there is nothing else to choose. */
  onCancel: (() => void) | null;
}) {
  const [kind, setKind] = useState(kinds[0]?.kind ?? "");
  const textFormats = kinds.find((each) => each.kind === kind)?.textFormats ?? [];
  const [checks, setChecks] = useState<Check[]>([]);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [doubts, setDoubts] = useState<InstanceDraft | null>(null);
  const [isPending, startTransition] = useTransition();
  const formRef = useRef<HTMLFormElement>(null);

  function draftOf(form: FormData): InstanceDraft {
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const baseUrl = text("baseUrl").replace(/\/+$/, "");
    return {
      kind,
      name: text("name") || nameFor(null, baseUrl, taken),
      baseUrl,
      token: text("token"),
      ...(textFormats.length > 0
        ? { textFormat: text("textFormat") as InstanceDraft["textFormat"] }
        : {}),
    };
  }

  function send(form: FormData): void {
    const draft = draftOf(form);
    startTransition(async () => {
      setRefusal(null);
      setDoubts(null);
      const tried = await heard(actions.tryInstance(draft));
      if (!tried.ok) return setRefusal(tried.message);
      setChecks(tried.value.checks);
      const states = tried.value.checks.map(({ state }) => state);
      if (states.includes("wrong")) return;
      const named = {
        ...draft,
        name:
          String(form.get("name") ?? "").trim() || nameFor(tried.value.title, draft.baseUrl, taken),
      };
      if (states.includes("doubtful")) return setDoubts(named);
      await keep(named, tried.value.checks);
    });
  }

  async function keep(draft: InstanceDraft, found: Check[]): Promise<void> {
    const added = await heard(actions.addInstance(draft));
    if (added.ok) onAdded(added.value, found);
    else setRefusal(added.message);
  }

  return (
    <Form
      ref={formRef}
      onSend={send}
      onChange={() => setDoubts(null)}
      className="flex max-w-2xl flex-col gap-4"
      aria-busy={isPending}
    >
      {kinds.length > 1 && (
        <label className="flex flex-col gap-1">
          <span className="font-medium">Kind</span>
          <select
            name="kind"
            value={kind}
            onChange={(event) => setKind(event.target.value)}
            className={fieldClass}
          >
            {kinds.map((each) => (
              <option key={each.kind} value={each.kind}>
                {each.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {textFormats.length > 0 && (
        <label className="flex flex-col gap-1">
          <span className="font-medium">Text formatting</span>
          <select name="textFormat" className={fieldClass}>
            {textFormats.map((format) => (
              <option key={format} value={format}>
                {formatName(format)}
              </option>
            ))}
          </select>
          <span className="text-small text-soft">
            As it is set there under Administration, Settings, General: programs cannot read it.
          </span>
        </label>
      )}
      <label className="flex flex-col gap-1">
        <span className="font-medium">Address</span>
        <input
          name="baseUrl"
          type="url"
          required
          maxLength={500}
          autoComplete="off"
          spellCheck={false}
          placeholder="e.g. https://jira.example.com"
          className={`${fieldClass} font-mono`}
        />
        <span className="text-small text-soft">
          As people open it, with its context path if it has one.
        </span>
      </label>
      <label className="flex flex-col gap-1">
        <span className="font-medium">Access token of the sync account</span>
        <input
          name="token"
          type="password"
          required
          maxLength={4_000}
          autoComplete="off"
          className={`${fieldClass} font-mono`}
        />
        <span className="text-small text-soft">
          Make an account there that only this node uses, and a token in its profile. It is sealed
          at rest and never shown again.
        </span>
      </label>
      <details>
        <summary className="w-fit text-soft">Name it yourself</summary>
        <label className="mt-2 flex flex-col gap-1">
          <span className="font-medium">Name</span>
          <input name="name" maxLength={80} autoComplete="off" className={fieldClass} />
          <span className="text-small text-soft">
            Leave it empty to use the name that the instance gives itself.
          </span>
        </label>
      </details>
      <div aria-live="polite">{checks.length > 0 && <Checks checks={checks} />}</div>
      <Refusal message={refusal} />
      <div className="flex flex-wrap gap-2">
        {doubts ? (
          <Button
            look="primary"
            disabled={isPending}
            onClick={() => startTransition(() => keep(doubts, checks))}
          >
            Use it all the same
          </Button>
        ) : (
          <Button type="submit" look="primary" disabled={isPending}>
            {isPending ? "Trying it…" : "Try it and go on"}
          </Button>
        )}
        {onCancel && (
          <Button onClick={onCancel}>
            Back to {taken.length === 1 ? taken[0] : "the known ones"}
          </Button>
        )}
      </div>
    </Form>
  );
}
