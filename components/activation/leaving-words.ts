import type { ConnectionSides } from "@/components/activation/activation-words";
import { list } from "@/components/ui/words";
import { cappedCount, type GateStatus } from "@/lib/gate/status";
import type { ActivationView } from "@/lib/identity/activation";

/** Where how much would go, and what of the waiting issues stays, and why. */
export type Leaving = {
  waiting: number;
  sent: number;
  /** "812 issues to Acme", "14 to Jira". */
  parts: string[];
  /** "423 of Operations, which has stopped", "2 held". */
  stays: string[];
  staying: number;
};

export function leavingOf(
  view: Pick<ActivationView, "waiting" | "plans" | "heldConnections">,
  stopped: GateStatus["stoppedConnections"],
  sides: readonly ConnectionSides[],
  scope: ReadonlySet<number> | null,
): Leaving {
  const goes = new Map<string, number>();
  const add = (where: string, amount: number) => {
    if (amount > 0) goes.set(where, (goes.get(where) ?? 0) + amount);
  };
  const stays: string[] = [];
  let [sent, shut, held, failed, setAside] = [0, 0, 0, 0, 0];
  for (const line of view.waiting) {
    const { id, name } = line.connection;
    const ready = view.plans.find(({ connection }) => connection.id === id)?.ready ?? 0;
    held += line.held;
    failed += line.failed;
    setAside += line.setAside;
    const why = whyShut(id, view, stopped, scope);
    if (ready > 0 && why) {
      shut += ready;
      stays.push(`${cappedCount(ready)} of ${name}, ${why}`);
    } else if (ready > 0) {
      sent += ready;
      const { local, remote } = sides.find((each) => each.id === id) ?? {
        local: { instance: `${name}, local side` },
        remote: { instance: `${name}, remote side` },
      };
      add(` to ${remote.instance}`, line.ready.toRemote);
      add(` to ${local.instance}`, line.ready.toLocal);
      add(` to both ${local.instance} and ${remote.instance}`, line.ready.both);
      add(" not planned yet", line.ready.unplanned);
    }
  }
  if (setAside > 0) stays.push(`${cappedCount(setAside)} inherited and set aside`);
  if (held > setAside) stays.push(`${cappedCount(held - setAside)} held`);
  if (failed > 0) stays.push(`${cappedCount(failed)} failed`);
  const parts = [...goes].map(
    ([where, amount], index) => `${cappedCount(amount)}${index > 0 ? "" : issues(amount)}${where}`,
  );
  const staying = shut + held + failed;
  return { waiting: sent + staying, sent, parts, stays, staying };
}

export function leavingWords({ sent, parts }: Leaving): string {
  return sent === 0 ? "Activating now would send no issue." : `Activating sends ${list(parts)}.`;
}

/** What holds from the activation on. `chosen`: how many connections it is for; null means all. */
export function goesOnWords(chosen: number | null): string {
  const where =
    chosen === null
      ? ""
      : chosen === 1
        ? " of the chosen connection"
        : " of the chosen connections";
  return `From then on, changes at both sides${where} go out as they come, in each direction that the mapping allows, without another review.`;
}

function issues(amount: number): string {
  return amount === 1 ? " issue" : " issues";
}

function whyShut(
  id: number,
  { heldConnections }: Pick<ActivationView, "heldConnections">,
  stopped: GateStatus["stoppedConnections"],
  scope: ReadonlySet<number> | null,
): string | null {
  if (heldConnections.some((each) => each.id === id)) return "which is held";
  if (stopped.some((each) => each.id === id)) return "which has stopped";
  return scope && !scope.has(id) ? "which is not chosen" : null;
}
