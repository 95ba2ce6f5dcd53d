import { Conflicts, Notes } from "@/components/entry/conflicts";
import { Difference } from "@/components/entry/difference";
import type { SideNames } from "@/components/entry/plan-words";
import type { Plan } from "@/lib/sync/plan-types";

/** A plan down to its differences: what is written, what both sides changed, and what is worth knowing. */
export function PlanDetails({
  plan,
  names,
  pairId,
}: {
  plan: Plan;
  names: SideNames;
  pairId: number;
}) {
  return (
    <>
      <Difference plan={plan} names={names} />
      {plan.conflicts.length > 0 && (
        <Conflicts conflicts={plan.conflicts} names={names} pairId={pairId} />
      )}
      {plan.notes.length > 0 && <Notes notes={plan.notes} names={names} />}
    </>
  );
}
