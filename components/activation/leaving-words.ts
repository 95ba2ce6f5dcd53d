import type { ConnectionSides } from "@/components/activation/activation-words";
import { list } from "@/components/ui/words";
import { cappedCount, type GateStatus } from "@/lib/gate/status";
import type { ActivationView, ConnectionPlans, WaitingLine } from "@/lib/identity/activation";
import { planDirection } from "@/lib/sync/plan-words";

type Shares = { toRemote: number; toLocal: number; both: number; unplanned: number; idle: number };

/** Where how much would go, and what of the waiting issues stays, and why. */
export type Leaving = {
  waiting: number;
  sent: number;
  /** Some parts say no more than "up to". */
  isRough: boolean;
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
  const goes = new Map<string, { amount: number; isMost: boolean }>();
  const add = (where: string, amount: number, isMost: boolean) => {
    if (amount === 0) return;
    const before = goes.get(where);
    goes.set(where, {
      amount: (before?.amount ?? 0) + amount,
      isMost: isMost || (before?.isMost ?? false),
    });
  };
  const stays: string[] = [];
  let [sent, shut, held, failed, inherited] = [0, 0, 0, 0, 0];
  for (const line of view.waiting) {
    const { id, name } = line.connection;
    const plan = view.plans.find(({ connection }) => connection.id === id);
    const ready = plan?.ready ?? 0;
    held += line.held;
    failed += line.failed;
    inherited += line.inherited;
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
      const { shares, isMost } = sharesOf(line, plan);
      add(` to ${remote.instance}`, shares.toRemote, isMost);
      add(` to ${local.instance}`, shares.toLocal, isMost);
      add(` to both ${local.instance} and ${remote.instance}`, shares.both, isMost);
      add(" not planned yet", shares.unplanned, isMost);
      add(" with nothing to write", shares.idle, isMost);
    }
  }
  if (held > 0)
    stays.push(
      `${cappedCount(held)} held${inherited > 0 ? ", what was inherited and set aside among them" : ""}`,
    );
  if (failed > 0) stays.push(`${cappedCount(failed)} failed`);
  const isRough = [...goes.values()].some(({ isMost }) => isMost);
  const parts = [...goes].map(([where, { amount, isMost }], index) => {
    const noun = index > 0 || isRough ? "" : issues(amount);
    return `${isMost ? "up to " : ""}${cappedCount(amount)}${noun}${where}`;
  });
  const staying = shut + held + failed;
  return { waiting: sent + staying, sent, isRough, parts, stays, staying };
}

export function leavingWords({ sent, isRough, parts }: Leaving): string {
  if (sent === 0) return "Activating now would send nothing.";
  return isRough
    ? `Activating sends ${cappedCount(sent)}${issues(sent)}: ${list(parts)}.`
    : `Activating sends ${list(parts)}.`;
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

/**
 * Which way what may be sent goes. What waits is counted with what is held and failed, of which nobody
 * tells the direction: where they cannot be told apart, the amounts are the most that can go there.
 */
function sharesOf(
  line: WaitingLine,
  plan: ConnectionPlans | undefined,
): { shares: Shares; isMost: boolean } {
  const { toRemote, toLocal, both, unplanned } = line;
  const shares = { toRemote, toLocal, both, unplanned, idle: 0 };
  if (!plan || line.held + line.failed === 0) return { shares, isMost: false };
  if (plan.entries.length === plan.ready) {
    const none: Shares = { toRemote: 0, toLocal: 0, both: 0, unplanned: 0, idle: 0 };
    for (const entry of plan.entries) none[wayOf(entry)] += 1;
    return { shares: none, isMost: false };
  }
  const ways = (["toRemote", "toLocal", "both", "unplanned"] as const).filter(
    (way) => shares[way] > 0,
  );
  const [only, ...more] = ways;
  if (only && more.length === 0)
    return { shares: { ...shares, [only]: plan.ready }, isMost: false };
  return { shares, isMost: true };
}

const WAYS = { to_remote: "toRemote", to_local: "toLocal", both: "both" } as const;

function wayOf({ plan }: ConnectionPlans["entries"][number]): keyof Shares {
  if (!plan) return "unplanned";
  const direction = planDirection(plan);
  return direction ? WAYS[direction] : "idle";
}
