"use client";
import { useTransition } from "react";
import type { ActivationActions } from "@/components/activation/activation-actions";
import { ANCHORED, anchors } from "@/components/activation/anchors";
import { Told } from "@/components/activation/told";
import { answered } from "@/components/gate/gate-actions";
import { Button } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";
import { toast } from "@/components/ui/toast";
import type { UnconfirmedInstance } from "@/lib/identity/activation";

/** An instance that is not what somebody once confirmed, or was never confirmed: both side by side. */
export function UnconfirmedLine({
  instance,
  confirm,
}: {
  instance: UnconfirmedInstance;
  confirm: ActivationActions["confirmInstance"] | null;
}) {
  const [isPending, startTransition] = useTransition();
  const { confirmed } = instance;

  function send(): void {
    if (!confirm) return;
    startTransition(async () => {
      const { id, reported, applicationId } = instance;
      const result = await answered(confirm({ id, reported, applicationId }));
      if (result.ok) toast(`${instance.name} is confirmed as it is now.`);
      else toast.error(result.message);
    });
  }

  return (
    <section
      aria-label={`${instance.name} is not confirmed`}
      id={anchors.unconfirmed(instance.id)}
      className={`flex flex-wrap items-start gap-x-4 gap-y-3 px-4 py-3 ${ANCHORED}`}
    >
      <div className="flex min-w-0 flex-1 basis-80 items-start gap-2.5">
        <Mark name="error" className="mt-0.5 size-4 text-closed-text" />
        <div className="min-w-0 flex-1">
          <h3 className="font-medium">
            {confirmed
              ? `${instance.name} is not the instance that was confirmed`
              : `Nobody has confirmed yet which instance ${instance.name} is`}
          </h3>
          <p className="max-w-prose text-soft">
            {confirmed
              ? "It may have moved, or it may be a copy that answers in its place."
              : "Compare what it calls itself with the address you expect."}
          </p>
          <div className="mt-2 flex max-w-3xl flex-col gap-2">
            <Row name="We call" then={confirmed?.address} now={instance.address} />
            <Row name="It calls itself" then={confirmed?.reported} now={instance.reported} />
            <Row
              name="Its id"
              then={confirmed ? confirmed.applicationId : undefined}
              now={instance.applicationId}
            />
          </div>
        </div>
      </div>
      {confirm && (
        <Button disabled={isPending} onClick={send}>
          Confirm {instance.name} as it is now
        </Button>
      )}
    </section>
  );
}

/** `then` undefined: nothing was confirmed to compare with. */
function Row({
  name,
  then,
  now,
}: {
  name: string;
  then: string | null | undefined;
  now: string | null;
}) {
  const differs = then !== undefined && then !== now;
  return (
    <div className="grid gap-x-4 gap-y-0.5 sm:grid-cols-[6.5rem_minmax(0,1fr)]">
      <p className="text-soft">
        {name}
        {differs && <span className="text-error-text"> differs</span>}
      </p>
      <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
        {then !== undefined && <Told name="Confirmed" value={then} />}
        <Told name="Now" value={now} isLoud={differs} />
      </dl>
    </div>
  );
}
