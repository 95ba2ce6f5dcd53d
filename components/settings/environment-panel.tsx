"use client";
import { useState, useTransition } from "react";
import { type ActionResult, answered } from "@/components/gate/gate-actions";
import { EnvironmentLabel } from "@/components/shell/environment-label";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { Panel } from "@/components/ui/panel";
import { fieldClass } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import {
  ENVIRONMENT_COLOURS,
  type Environment,
  type EnvironmentColour,
} from "@/lib/settings/environment";

type Wanted = Pick<Environment, "label" | "colour">;

const CHOICES: (EnvironmentColour | null)[] = [null, ...ENVIRONMENT_COLOURS];

/** What this node is called and in which colour, with each choice shown as it will look. */
export function EnvironmentPanel({
  environment,
  mayChange,
  action,
}: {
  environment: Environment;
  mayChange: boolean;
  action: (input: Wanted) => Promise<ActionResult>;
}) {
  const { told, isInDoubt } = environment;
  const [label, setLabel] = useState(environment.label ?? "");
  const [colour, setColour] = useState(environment.colour);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();
  const isSame = label.trim() === (environment.label ?? "") && colour === environment.colour;
  const isShut = !mayChange || isInDoubt;

  function save(wanted: Wanted, before: Wanted | null): void {
    startTransition(async () => {
      const result = await answered(action(wanted));
      setRefusal(result.ok ? null : result.message);
      if (!result.ok) return;
      setLabel(wanted.label ?? "");
      setColour(wanted.colour);
      toast(
        before ? "Saved. Every page and tab shows it from now on." : "As it was before.",
        before ? { action: { label: "Undo", onClick: () => save(before, null) } } : {},
      );
    });
  }

  return (
    <Panel title="Environment">
      <Form
        className="flex flex-col gap-5 p-4"
        onSend={() =>
          save(
            { label: label.trim() || null, colour },
            { label: environment.label, colour: environment.colour },
          )
        }
      >
        <p className="max-w-prose text-soft">
          The label stands beside the product's name, and in the title and icon of the browser's
          tab, so that two open consoles are never taken for each other.
        </p>
        <label className="flex max-w-sm flex-col gap-1">
          <span className="font-medium">Label</span>
          <input
            value={label}
            maxLength={40}
            autoComplete="off"
            readOnly={isShut || told !== null}
            aria-describedby="label-note"
            onChange={(event) => setLabel(event.target.value)}
            className={`${fieldClass} read-only:text-soft`}
          />
          <span id="label-note" className="text-small text-soft">
            {told === null ? (
              <>
                “Production” is shown solid, “Staging” hatched, any other word outlined.{" "}
                <code className="font-mono">NODE_LABEL</code>, when it is set, wins over this.
              </>
            ) : (
              <>
                <code className="font-mono">NODE_LABEL</code> says so, and wins over this page:
                change it there, for the console and its workers alike.
              </>
            )}
          </span>
        </label>
        <fieldset disabled={isShut} className="flex flex-col gap-2">
          <legend className="mb-1 font-medium">Colour</legend>
          <div className="flex flex-wrap gap-2">
            {CHOICES.map((choice) => (
              <label
                key={choice ?? "none"}
                className="flex h-9 items-center gap-2 rounded-control border border-line px-3 has-checked:border-control has-checked:bg-selected"
              >
                <input
                  type="radio"
                  name="colour"
                  checked={colour === choice}
                  onChange={() => setColour(choice)}
                />
                <span className="capitalize">{choice ?? "none"}</span>
                <span aria-hidden="true" className="inline-flex max-w-32">
                  <EnvironmentLabel label={label || "label"} colour={choice} isInDoubt={false} />
                </span>
              </label>
            ))}
          </div>
          <p className="text-small text-soft">
            No colour stands for a state. A copy of this node does not keep it.
          </p>
        </fieldset>
        {isInDoubt && (
          <p className="max-w-prose text-closed-text">
            Nobody has decided yet whether this is the same node or a copy of it. The decision names
            it; until then nothing is changed here.
          </p>
        )}
        <p role="alert" className="text-error-text empty:hidden">
          {refusal}
        </p>
        {mayChange ? (
          <Button type="submit" className="w-fit" disabled={isShut || isSame || isPending}>
            Save label and colour
          </Button>
        ) : (
          <p className="text-soft">An administrator can change this.</p>
        )}
      </Form>
    </Panel>
  );
}
