"use client";
import { useState } from "react";
import type { Places, SetupActions } from "@/components/connections/setup-actions";
import { TriggerField, useTriggerCount } from "@/components/connections/trigger-field";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import type { Side } from "@/lib/sync/plan-types";

/** Which issues come under sync, with what the search names while it is typed. */
export function TriggerStep({
  places,
  names,
  actions,
  onChosen,
}: {
  places: Places;
  names: Record<Side, string>;
  actions: SetupActions;
  onChosen: (triggers: Record<Side, string>) => void;
}) {
  const [triggers, setTriggers] = useState<Record<Side, string>>({
    local: places.local.trigger ?? "",
    remote: places.remote.trigger ?? "",
  });
  const counted = {
    local: useTriggerCount(places, "local", triggers.local, actions.tryTrigger),
    remote: useTriggerCount(places, "remote", triggers.remote, actions.tryTrigger),
  };
  return (
    <Form onSend={() => onChosen(triggers)} className="flex flex-col gap-5">
      <p className="max-w-2xl text-soft">
        A search in the instance’s own language. What it names comes under sync when it changes from
        now on, and gets a twin at the other side. Leaving the search later does not end sync. Leave
        a side empty if only the other one brings issues in.
      </p>
      {(["local", "remote"] as const).map((side) => (
        <TriggerField
          key={side}
          label={`From ${names[side]}, project ${places[side].project}`}
          project={places[side].project}
          value={triggers[side]}
          counted={counted[side]}
          onChange={(text) => setTriggers({ ...triggers, [side]: text })}
        />
      ))}
      <Button
        type="submit"
        look="primary"
        className="w-fit"
        disabled={!triggers.local.trim() && !triggers.remote.trim()}
      >
        Use {triggers.local.trim() && triggers.remote.trim() ? "these searches" : "this search"}
      </Button>
    </Form>
  );
}
