import { expect, onTestFinished, test } from "vitest";
import { simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import { BACKLOG } from "@/scripts/demo/backlog";
import { PAIRS_WITH_NEWS } from "@/scripts/demo/news";
import { fillTrackers, letPeopleWork } from "@/scripts/demo/seed";

async function startTracker(name: string) {
  const simulator = await startJiraSimulator({ name });
  onTestFinished(() => simulator.stop());
  return simulatorClient(simulator.baseUrl);
}

test("the demo's trackers begin equal, and its people change as many pairs as it waits for", async () => {
  const production = await startTracker("production");
  const partner = await startTracker("partner");
  await fillTrackers(production, partner);
  const changedIn = async (tracker: typeof production) => {
    const { issues } = await tracker
      .as("admin-token")
      .search('updated >= "-1h"', { maxResults: "1000" });
    return issues.map(({ key }) => key.replace(/^[A-Z]+-/, ""));
  };
  expect(await changedIn(production)).toEqual([]);
  const all = await partner.as("admin-token").search("project = ACME", { maxResults: "0" });
  expect(all.total).toBe(BACKLOG.length);

  await letPeopleWork(production, partner);
  const changed = new Set([...(await changedIn(production)), ...(await changedIn(partner))]);
  expect(changed.size).toBe(PAIRS_WITH_NEWS);
});
