import type { Cases } from "@/lib/testing/api-cases";

/** Of what is set for the node as a whole: see `api-cases.ts`. */
export const CASES_OF_SETTINGS: Cases = {
  readEnvironment: async () => ({}),
  changeEnvironment: async () => ({ body: { label: "Staging", colour: "violet" } }),
  readHistory: async () => ({}),
  changePeriods: async () => ({ body: { changes: 30, errors: null } }),
  previewRemoval: async () => ({ body: { kind: "work", days: 30 } }),
};
