import { sentence } from "@/components/ui/words";
import { cappedCount, type GateStatus } from "@/lib/gate/status";

/** What the activation button will do, with the count the person is looking at. */
export function activationLabel(ready: number): string {
  if (ready === 0) return "Activate sync";
  return `Activate sync and send ${cappedCount(ready)} ${ready === 1 ? "issue" : "issues"}`;
}

/** Why nothing is sent: who deactivated it, or what the node says about itself. */
export function whatHappened({ by, reason }: Pick<GateStatus, "by" | "reason">): string {
  if (by) return reason ? `${by} deactivated it: “${reason}”.` : `${by} deactivated it.`;
  return reason ? sentence(reason) : "It has not been activated yet.";
}
