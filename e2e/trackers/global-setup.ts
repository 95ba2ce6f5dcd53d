import type { TestProject } from "vitest/node";
import { startRedmine } from "@/e2e/trackers/redmine/server";

declare module "vitest" {
  interface ProvidedContext {
    /** The one Redmine of a run; each test has issues of its own in it. */
    redmineUrl: string;
  }
}

/** Starts a real Redmine, once for all tests against real trackers. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const redmine = await startRedmine();
  project.provide("redmineUrl", redmine.baseUrl);
  return redmine.stop;
}
