import { setTimeout as pause } from "node:timers/promises";
import type { Happening } from "@/e2e/chaos/events";
import { type Lane, PRIORITIES, PROJECTS, type Side, STATUSES } from "@/e2e/chaos/lane";
import { type ChaosNode, fenceKey, look } from "@/e2e/chaos/node";
import { FIELDS, type Step } from "@/e2e/chaos/plan";
import { count, type Tally } from "@/e2e/chaos/tally";
import type { Person } from "@/e2e/simulators/jira-data-center/client";
import type { Fence } from "@/lib/gate/gate";
import { activate, deactivate, readGate } from "@/lib/gate/gate-store";
import { decide } from "@/lib/identity/decision-store";
import { takeOver } from "@/lib/identity/take-over-store";

const NAMES = ["ada", "bob", "eve"] as const;

/** What people do: administrators at the node, users at the trackers. Each resolves with whether it was done. */
export const people = {
  async activate({ lane, tally }: Happening): Promise<void> {
    // Whoever wants to activate waits until the page says that the gate is inactive.
    for (let tries = 0; tries < 30; tries++) {
      const seen = await look(lane.original, lane.received);
      if (seen?.state === "inactive") break;
      await pause(50);
    }
    await open(lane.original, tally);
  },
  async activateAsShown({ lane, tally }: Happening, fence: Fence): Promise<void> {
    await openUnder(lane.original, fence, tally);
  },
  async deactivate({ lane, tally }: Happening): Promise<void> {
    const before = await readGate(lane.original.db);
    await deactivate(lane.original.db, { by: "ada" });
    if (before.state === "active") count(tally, "deactivated while active");
    // At once: what is not open now may not arrive any more.
    await look(lane.original, lane.received);
  },
  async edit(step: Step, { lane }: Happening): Promise<boolean> {
    const side = sideOf(step);
    return tried(lane, step, async (person) => {
      const issue = anIssue(lane, side, step.size);
      if (!issue) return;
      const word = Math.floor(step.pick * 1e6).toString(36);
      const third = Math.floor(step.pick * 1e4) % 3;
      switch (step.field ?? FIELDS[Math.floor(step.pick * 100) % FIELDS.length]) {
        case "description":
          return person.editIssue(issue, { description: `Text ${word}` });
        case "labels":
          return person.editIssue(issue, { labels: ["seed", word] });
        case "priority":
          return person.editIssue(issue, { priority: { name: PRIORITIES[side][third] } });
        case "status":
          return person.transition(issue, STATUSES[side][third] ?? "");
        default:
          return person.editIssue(issue, { summary: `Edited ${word}` });
      }
    });
  },
  async create(step: Step, { lane }: Happening): Promise<boolean> {
    const side = sideOf(step);
    return tried(lane, step, async (person) => {
      await person.createIssue({
        project: PROJECTS[side],
        summary: `New ${Math.floor(step.size * 1e6).toString(36)}`,
        description: "line one\r\nline two",
        priority: { name: PRIORITIES[side][Math.floor(step.pick * 1e4) % 3] },
      });
    });
  },
  async comment(step: Step, { lane }: Happening): Promise<boolean> {
    const side = sideOf(step);
    return tried(lane, step, async (person) => {
      const issue = anIssue(lane, side, step.size);
      if (issue) await person.comment(issue, `Comment ${Math.floor(step.size * 1e9).toString(36)}`);
    });
  },
};

/** An administrator who takes a copy for the original, and activates it. */
export async function openOnCopy(copy: ChaosNode, tally: Tally): Promise<void> {
  const { incarnation: inherited } = (await readGate(copy.db)).fence;
  for (let tries = 0; tries < 40; tries++) {
    const gate = await readGate(copy.db);
    if (gate.state === "inactive" && gate.fence.incarnation !== inherited) break;
    await pause(50);
  }
  await sayItIsTheSame(copy, tally);
  if (await open(copy, tally)) count(tally, "a copy was activated");
}

/** Settles a verdict as if this were the node that it was copied from, moved. */
export async function sayItIsTheSame({ db }: ChaosNode, tally: Tally): Promise<void> {
  const { verdictId } = await db.gate.findUniqueOrThrow({ where: { id: 1 } });
  const verdict = await db.verdict.findUnique({ where: { id: verdictId ?? 0 } });
  if (!verdict?.needsDecision || verdict.decision === "same_node") return;
  await decide(db, { verdictId: verdict.id, decision: "same_node", by: "ada" });
  count(tally, "decisions");
}

/** A person who knows that every copy has ended declares that what stands at the instances is ours. */
export async function takeOverAll({ db }: ChaosNode, tally: Tally): Promise<void> {
  const lost = await db.claim.findMany({
    where: { state: { in: ["foreign", "contested"] } },
    include: { instance: true },
  });
  for (const { instanceId, project, instance } of lost) {
    await takeOver(db, { instanceId, project, typedName: instance.name, by: "ada" });
    count(tally, "claims taken over");
  }
}

/** Activates under the fence that the gate has now. */
export async function open(node: ChaosNode, tally: Tally): Promise<boolean> {
  return openUnder(node, (await readGate(node.db)).fence, tally);
}

async function openUnder(node: ChaosNode, fence: Fence, tally: Tally): Promise<boolean> {
  const { openings } = node;
  const opening = fenceKey({ ...fence, epoch: fence.epoch + 1 });
  // Before it is asked for: a permit may be granted before we hear that it was opened. Counted, since
  // two may ask under one fence; without an answer it may have been opened.
  openings.set(opening, (openings.get(opening) ?? 0) + 1);
  const answer = await activate(node.db, { fence, by: "ada" });
  if ("opened" in answer) {
    count(tally, "activations");
    return true;
  }
  const others = (openings.get(opening) ?? 1) - 1;
  if (others > 0) openings.set(opening, others);
  else openings.delete(opening);
  count(tally, "activations refused");
  return false;
}

function sideOf(step: Step): Side {
  if (step.side) return step.side;
  return Math.floor(step.pick * 1e6) % 5 < 3 ? "local" : "remote";
}

function anIssue({ trackers }: Lane, side: Side, at: number): string | null {
  const issues = [...trackers[side].simulator.state.issues.values()];
  return issues[Math.floor(at * issues.length)]?.key ?? null;
}

/** A tracker that is away keeps people from working as well. */
async function tried(
  { trackers }: Lane,
  step: Step,
  work: (person: Person) => Promise<void>,
): Promise<boolean> {
  const name = NAMES[Math.floor(step.pick * 1e5) % NAMES.length];
  try {
    await work(trackers[sideOf(step)].client.as(`${name}-token`));
    return true;
  } catch {
    return false;
  }
}
