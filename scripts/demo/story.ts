import type { NewProject, NewUser } from "@/e2e/simulators/jira-data-center/client";

/** The two companies of the demo: who works there, and how their projects are set up. */

export const PRODUCTION = {
  name: "production",
  port: 4001,
  contextPath: "/jira",
  url: "http://127.0.0.1:4001/jira",
} as const;

export const PARTNER = {
  name: "partner",
  port: 4002,
  contextPath: "",
  url: "http://127.0.0.1:4002",
} as const;

/** The account the console signs in with, on both sides. */
export const SYNC_USER = "exalate-sync";

export const PRODUCTION_PEOPLE: NewUser[] = [
  { name: "ada", displayName: "Ada Okafor", timeZone: "Europe/Brussels" },
  { name: "jonas", displayName: "Jonas Lindqvist", timeZone: "Europe/Stockholm" },
  { name: "mei", displayName: "Mei Tanaka", timeZone: "Asia/Tokyo" },
];

export const PARTNER_PEOPLE: NewUser[] = [
  { name: "rafael", displayName: "Rafael Costa", timeZone: "America/Sao_Paulo" },
  { name: "priya", displayName: "Priya Raman", timeZone: "Asia/Kolkata" },
];

export const PRODUCTION_PROJECT: NewProject = {
  key: "PROD",
  name: "Customer portal",
  statuses: [
    { name: "Open", category: "new" },
    { name: "In Progress", category: "indeterminate" },
    { name: "In Review", category: "indeterminate" },
    { name: "Done", category: "done" },
  ],
  transitions: [
    { name: "Stop progress", to: "Open" },
    { name: "Start progress", to: "In Progress" },
    { name: "Send to review", to: "In Review" },
    { name: "Approve", to: "Done" },
  ],
  priorities: ["Highest", "High", "Medium", "Low", "Lowest"],
};

export const PARTNER_PROJECT: NewProject = {
  key: "ACME",
  name: "Acme support",
  statuses: [
    { name: "New", category: "new" },
    { name: "Working", category: "indeterminate" },
    { name: "Verify", category: "indeterminate" },
    { name: "Closed", category: "done" },
  ],
  transitions: [
    { name: "Put back", to: "New" },
    { name: "Take up", to: "Working" },
    { name: "Ask to verify", to: "Verify" },
    { name: "Close", to: "Closed" },
  ],
  priorities: ["P1", "P2", "P3", "P4", "P5"],
};

export const STATUS_PAIRS = [
  ["Open", "New"],
  ["In Progress", "Working"],
  ["In Review", "Verify"],
  ["Done", "Closed"],
] as const;

export const PRIORITY_PAIRS = [
  ["Highest", "P1"],
  ["High", "P2"],
  ["Medium", "P3"],
  ["Low", "P4"],
  ["Lowest", "P5"],
] as const;

export type Status = (typeof STATUS_PAIRS)[number][0];
export type Priority = (typeof PRIORITY_PAIRS)[number][0];

/** In the partner's words. */
export function theirs(pairs: readonly (readonly [string, string])[], ours: string): string {
  const found = pairs.find(([name]) => name === ours);
  if (!found) throw new Error(`${ours} has no counterpart at the partner`);
  return found[1];
}
