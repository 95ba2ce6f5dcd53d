import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { type Simulator, startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";

let simulator: Simulator;

test.beforeAll(async () => {
  simulator = await startJiraSimulator({ name: "production" });
  const control = simulatorClient(simulator.baseUrl);
  await control.createUser({ name: "mia" });
  await control.createProject({ key: "ABC" });
  const mia = control.as("mia-token");
  await mia.createIssue({ project: "ABC", summary: "Printer on fire", labels: ["hot"] });
  await mia.comment("ABC-1", "On it.");
});

test.afterAll(() => simulator.stop());

for (const colorScheme of ["light", "dark"] as const)
  test(`the simulator's own pages can be used by everybody, in the ${colorScheme} theme`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    const found: string[] = [];
    for (const path of [
      "",
      "/issues/ABC-1",
      "/received",
      "/troubles",
      "/instance",
      "/issues/NO-1",
    ]) {
      await page.goto(`${simulator.baseUrl}/__simulator${path}`);
      await expect(page.getByRole("main")).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, nodes } of violations)
        found.push(...nodes.map(({ html }) => `${path}: ${id}: ${html}`));
    }
    expect(found).toEqual([]);
  });
