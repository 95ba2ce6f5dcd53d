import type { Answer } from "@/components/activation/answer-words";
import type { GateStatus } from "@/lib/gate/status";
import type { ActivationView } from "@/lib/identity/activation";

type Stopped = GateStatus["stoppedConnections"];

/** What shuts the button and is told nowhere else on the page. */
export function obstaclesIn(answer: Answer): string[] {
  return answer.weight === "shut"
    ? answer.because.filter(({ to }) => to === "in-the-way").map(({ words }) => words)
    : [];
}

/** Whether the section has anything to say. */
export function hasSomethingInTheWay(
  view: ActivationView,
  stopped: Stopped,
  answer: Answer,
): boolean {
  return (
    stopped.length +
      obstaclesIn(answer).length +
      view.heldConnections.length +
      view.unconfirmed.length +
      view.unreadable.instances.length +
      view.unreadable.webhooks.length +
      view.unlinked.length +
      view.foreignEvents.length +
      view.unverifiedPairs >
    0
  );
}
