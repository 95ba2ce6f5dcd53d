import type { Both } from "@/e2e/trackers/both";

/** What goes wrong while people work: from the beginning of a round, and in the middle of it. */
export type Disturbance = {
  what: string;
  begin?(both: Both): Promise<void>;
  middle?(both: Both): Promise<void>;
};

export const DISTURBANCES: Disturbance[] = [
  {
    what: "Jira's webhooks are lost, doubled and out of order",
    begin: ({ jira }) =>
      jira.changeFaults({
        webhooks: { dropPercent: 40, duplicatePercent: 30, reorder: true, delayMs: 30 },
      }),
  },
  {
    what: "answers break, before and after their writes have landed",
    begin: async ({ jira, way }) => {
      await jira.changeFaults({
        landThenBreak: { next: 4, user: "exalate" },
        breakBeforeLanding: { next: 3, match: "PUT *", user: "exalate" },
      });
      way.loseAnswerTo(/^PUT \/issues\//);
      way.loseAnswerTo(/^POST \/issues\.json/);
    },
  },
  {
    what: "both workers are killed",
    async middle(both) {
      await both.killWorkers();
      await Promise.all([both.startWorker(), both.startWorker()]);
      await both.activate();
    },
  },
  {
    what: "an administrator deactivates and later activates again",
    begin: (both) => both.deactivate(),
    middle: (both) => both.activate(),
  },
];
