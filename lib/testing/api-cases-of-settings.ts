import type { Cases } from "@/lib/testing/api-cases";

/** Of what is set for the node as a whole: see `api-cases.ts`. */
export const CASES_OF_SETTINGS: Cases = {
  readEnvironment: async () => ({}),
  changeEnvironment: async () => ({ body: { label: "Staging", colour: "violet" } }),
};
