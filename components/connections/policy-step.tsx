"use client";
import { useState } from "react";
import { PolicyChoices } from "@/components/connections/policy-choices";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import type { Side } from "@/lib/sync/plan-types";
import type { FirstMeeting, Policy } from "@/lib/sync/policies";

/** Who wins where both sides have something to say. */
export function PolicyStep({
  names,
  initial,
  onChosen,
}: {
  names: Record<Side, string>;
  initial: { policy: Policy; firstMeeting: FirstMeeting };
  onChosen: (chosen: { policy: Policy; firstMeeting: FirstMeeting }) => void;
}) {
  const [chosen, setChosen] = useState({
    policy: initial.policy,
    firstMeeting: initial.firstMeeting,
  });
  return (
    <Form onSend={() => onChosen(chosen)} className="flex flex-col gap-5">
      <PolicyChoices names={names} value={chosen} onChange={setChosen} />
      <Button type="submit" look="primary" className="w-fit">
        Agree on this
      </Button>
    </Form>
  );
}
