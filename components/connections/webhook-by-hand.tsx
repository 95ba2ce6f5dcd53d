"use client";
import { useState, useTransition } from "react";
import { heard } from "@/components/connections/setup-actions";
import type { WebhookActions, WebhookSecret } from "@/components/connections/webhook-actions";
import { ShownOnce } from "@/components/settings/shown-once";
import { Button } from "@/components/ui/button";
import type { WebhookSide } from "@/lib/connections/webhook-page";

/** How an administrator of Jira enters the webhook, and the secret that belongs to it, shown once. */
export function WebhookByHand({
  id,
  sides,
  renewSecret,
  onDone,
}: {
  id: number;
  sides: WebhookSide[];
  renewSecret: WebhookActions["renewSecret"];
  onDone: () => Promise<unknown>;
}) {
  const [made, setMade] = useState<WebhookSecret | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();
  const signing = sides.filter(({ signs }) => signs !== false);
  const keyed = sides.filter(({ signs }) => signs !== true);

  function renew(): void {
    startTransition(async () => {
      const result = await heard(renewSecret({ id }));
      setRefusal(result.ok ? null : result.message);
      setMade(result.ok ? result.value : null);
      await onDone();
    });
  }

  return (
    <details className="border-t border-line">
      <summary className="px-4 py-3 font-medium">Enter it by hand instead</summary>
      <div className="flex max-w-3xl flex-col gap-3 px-4 pb-4">
        <ol className="list-decimal pl-5">
          <li>In Jira, as its administrator: System › WebHooks › Create a WebHook.</li>
          <li>As URL, the address of the side as it is shown above.</li>
          <li>
            As Secret, the secret that is made here. A Jira before 10 has no such field: enter the
            address with its key instead of both.
          </li>
          <li>
            All events of issues, comments and issue links, with their bodies; a search, where Jira
            has one, that names the whole project.
          </li>
        </ol>
        <p className="text-soft">
          A new secret replaces the one before it: events that are signed with the old one are
          refused until it is entered at both sides, or registered again. Changes are found by
          polling meanwhile.
        </p>
        <Button className="self-start" size="small" disabled={isPending} onClick={renew}>
          {isPending ? "Making it…" : "Make a new secret"}
        </Button>
        <p role="alert" className="text-error-text empty:hidden">
          {refusal}
        </p>
        {made && signing.length > 0 && (
          <ShownOnce
            what={`The secret for ${signing.map(({ instance }) => instance).join(" and ")}, from Jira 10 on.`}
            value={made.webhookSecret}
          />
        )}
        {made &&
          keyed.map(({ side, instance, address }) => (
            <ShownOnce
              key={side}
              what={`The address for ${instance}, before Jira 10.`}
              value={`${address}&key=${made.webhookKey}`}
            />
          ))}
      </div>
    </details>
  );
}
