"use client";
import { useRef, useState, useTransition } from "react";
import type { ConnectionActions } from "@/components/connections/connection-actions";
import { formatName } from "@/components/connections/format-words";
import { answered } from "@/components/gate/gate-actions";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";
import { Form } from "@/components/ui/form";
import { fieldClass, ReasonField } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import type { SidePage } from "@/lib/connections/connection-page";

/** Which formatting the texts of an instance have, after it was changed there: what it means, and why. */
export function TextFormatDialog({
  instance,
  format,
  change,
  onClose,
}: {
  instance: SidePage["instance"];
  format: NonNullable<SidePage["textFormat"]>;
  change: ConnectionActions["changeTextFormat"];
  onClose: () => void;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const [chosen, setChosen] = useState(format.now);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();
  const { id, name } = instance;

  function submit(form: FormData): void {
    const reason = String(form.get("reason") ?? "").trim() || undefined;
    startTransition(async () => {
      const result = await answered(change({ id, textFormat: chosen, shown: format.now, reason }));
      if (!result.ok) return setRefusal(result.message);
      ref.current?.close();
      toast(`Texts of ${name} are ${formatName(chosen)}.`, {
        action: {
          label: "Undo",
          onClick: async () => {
            const undone = await answered(
              change({ id, textFormat: format.now, shown: chosen, reason: "taken back" }),
            );
            if (undone.ok) toast(`Texts of ${name} are ${formatName(format.now)} again.`);
            else toast.error(undone.message);
          },
        },
      });
    });
  }

  return (
    <Dialog ref={ref} title={`Text formatting of ${name}`} onClose={onClose}>
      <Form onSend={submit}>
        <div className="flex flex-col gap-4 px-5 pt-3 pb-5">
          <p>
            Choose what is set there under Administration, Settings, General: programs cannot read
            it. It holds for every connection with {name}.
          </p>
          <label className="flex flex-col gap-1">
            <span className="font-medium">Text formatting</span>
            <select
              value={chosen}
              onChange={(event) => setChosen(event.target.value)}
              className={fieldClass}
            >
              {format.choices.map((each) => (
                <option key={each} value={each}>
                  {formatName(each)}
                </option>
              ))}
            </select>
          </label>
          <ul className="list-disc pl-5 text-soft [&>li]:mt-1">
            <li>
              From then on, texts from and for {name} are translated as this formatting. What waits
              in the Sync Queue is planned anew.
            </li>
            <li>
              Texts that are there stay as they are at both sides. {name} converts none either: an
              old one is read as the new formatting once somebody edits it, and may then lose some
              of its look.
            </li>
          </ul>
          <ReasonField placeholder="their Redmine was switched on Monday" />
          <p role="alert" className="text-error-text empty:hidden">
            {refusal}
          </p>
        </div>
        <DialogButtons>
          <Button onClick={() => ref.current?.close()}>Leave it as it is</Button>
          <Button type="submit" look="primary" disabled={isPending || chosen === format.now}>
            {chosen === format.now
              ? `Texts are ${formatName(chosen)}`
              : `Read texts as ${formatName(chosen)}`}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
