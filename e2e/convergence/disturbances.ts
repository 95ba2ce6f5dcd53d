import { SIDES } from "@/e2e/convergence/seen";
import type { World } from "@/e2e/convergence/world";
import { until } from "@/e2e/line";
import { deactivate, readGate } from "@/lib/gate/gate-store";

/** What goes wrong while people work: from the beginning, and again in the middle of it. */
export type Disturbance = {
  what: string;
  begin?(world: World): Promise<void>;
  middle?(world: World): Promise<void>;
};

const OURS = "exalate";

export const DISTURBANCES: Disturbance[] = [
  { what: "nothing goes wrong" },
  {
    what: "webhooks are lost, doubled and out of order",
    async begin({ projects }) {
      for (const side of SIDES)
        await projects[side].client.changeFaults({
          webhooks: { dropPercent: 40, duplicatePercent: 30, reorder: true, delayMs: 30 },
        });
    },
  },
  {
    what: "answers break, before and after their writes have landed",
    async begin({ projects }) {
      for (const side of SIDES)
        await projects[side].client.changeFaults({
          landThenBreak: { next: 5, user: OURS },
          breakBeforeLanding: { next: 4, match: "PUT *", user: OURS },
          landAfterBreak: { next: 4, match: "POST /rest/api/2/issue*", afterMs: 400, user: OURS },
        });
    },
  },
  {
    what: "one of two workers is killed",
    async middle(world) {
      await world.killWorker();
      await world.startWorker();
    },
  },
  {
    what: "both workers are killed",
    async middle(world) {
      await Promise.all([world.killWorker(), world.killWorker()]);
      await Promise.all([world.startWorker(), world.startWorker()]);
      await world.activate();
    },
  },
  {
    what: "an administrator deactivates and later activates again",
    async begin({ db }) {
      await deactivate(db, { by: "ada" });
    },
    async middle(world) {
      await world.activate();
    },
  },
  {
    what: "search is behind by a second, and requests are limited",
    async begin({ projects }) {
      for (const side of SIDES)
        await projects[side].client.changeFaults({
          indexLagMs: 1_000,
          rateLimit: { capacity: 30, fillRate: 30, intervalSeconds: 1 },
        });
    },
  },
  {
    what: "the local Jira is restarted, which closes the gate",
    async middle(world) {
      const { fence } = await readGate(world.db);
      await world.projects.local.client.restart({ downMs: 200, startingMs: 3_000 });
      await until("the restart has closed the gate", async () => {
        const gate = await readGate(world.db);
        return gate.state === "inactive" || gate.fence.epoch !== fence.epoch;
      });
      await world.activate();
    },
  },
];

export async function calm({ projects }: World): Promise<void> {
  for (const side of SIDES) await projects[side].client.setFaults({});
}
