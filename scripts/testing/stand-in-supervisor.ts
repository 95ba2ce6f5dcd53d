import { supervise } from "@/scripts/supervisor";

/** Supervises two stand-ins until it is killed. */
supervise(
  ["one", "two"].map((name) => ({
    name,
    script: "scripts/testing/stand-in.ts",
    env: process.env,
    graceMs: 5_000,
  })),
  (line) => console.info(line),
);
