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
      <div className="max-w-2xl text-soft">
        <p>
          A search in the instance’s own language says which issues come under sync: each gets a
          twin, a second issue at the other side, and both are kept alike.
        </p>
        <ul className="mt-1 flex list-disc flex-col gap-0.5 pl-5">
          <li>Issues that exist already come in when they change, or when you bring them in.</li>
          <li>Once under sync, an issue stays so, even if the search does not find it any more.</li>
          <li>
            A side without a search brings in no issues of its own. Changes to issues that have a
            twin still come back from it.
          </li>
        </ul>
      </div>
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
