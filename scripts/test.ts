import { spawn } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { findChromium } from "@/scripts/checks/chromium";
import {
  type Count,
  countPlaywright,
  countProblems,
  countTypeErrors,
  countVitest,
} from "@/scripts/checks/count";
import { checkModel } from "@/scripts/checks/model";

const REPORTS = resolve("test-results", "reports");

type Check = { title: string; run: () => Promise<Count> };

/** `npm test`: every check, also after one has failed. The last line is `N passed, N failed`. */
const CHECKS: Check[] = [
  {
    title: "Format and lint",
    run: async () => counted(await tool("biome", ["ci", "--max-diagnostics=50"]), biomeProblems),
  },
  {
    title: "Types",
    run: async () => {
      const written = await tool("next", ["typegen"]);
      if (written.exitCode !== 0) return { passed: 0, failed: 1 };
      const { printed, exitCode } = await tool("tsc", ["--noEmit"]);
      return countTypeErrors(printed, exitCode);
    },
  },
  {
    title: "Unused code",
    run: async () => counted(await tool("knip", []), knipProblems),
  },
  { title: "The model of the gate", run: () => checkModel() },
  { title: "Unit, store and connector tests", run: () => vitest("code") },
  {
    title: "Build",
    run: async () => counted(await program(["scripts/bootstrap.mjs", "--build"]), () => 0),
  },
  { title: "Whole nodes, killed and restarted", run: () => vitest("processes") },
  { title: "Against a real Redmine", run: () => vitest("trackers") },
  { title: "In the browser", run: playwright },
];

type Finished = { printed: string; exitCode: number };

let running: ReturnType<typeof spawn> | undefined;
let isAborted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    isAborted = true;
    running?.kill(signal);
  });
}

await rm(REPORTS, { recursive: true, force: true });
await mkdir(REPORTS, { recursive: true });
const total: Count = { passed: 0, failed: 0 };
const summary: string[] = [];
for (const { title, run } of CHECKS) {
  if (isAborted) break;
  console.info(`\n=== ${title}`);
  const began = performance.now();
  const { passed, failed } = await run().catch((error: Error): Count => {
    console.error(error.message);
    return { passed: 0, failed: 1 };
  });
  total.passed += passed;
  total.failed += failed;
  const seconds = Math.round((performance.now() - began) / 1_000);
  summary.push(
    `${failed > 0 ? "✗" : "✓"} ${title}: ${passed} passed, ${failed} failed (${seconds} s)`,
  );
}
if (isAborted) {
  console.info("\nStopped before the end.");
  process.exit(130);
}
console.info(`\n${summary.join("\n")}\n\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);

function counted({ printed, exitCode }: Finished, problemsIn: (printed: string) => number): Count {
  return countProblems(exitCode === 0 ? 0 : problemsIn(printed), exitCode);
}

function biomeProblems(printed: string): number {
  return Number(/Found (\d+) errors?/.exec(printed)?.[1] ?? 0);
}

/** Each heading ends in how many it lists: "Unused files (8)". */
function knipProblems(printed: string): number {
  const headings = [...printed.matchAll(/\((\d+)\)$/gm)];
  return headings.reduce((sum, [, count]) => sum + Number(count), 0);
}

async function vitest(project: string): Promise<Count> {
  const report = join(REPORTS, `${project}.json`);
  const args = ["run", `--project=${project}`, "--reporter=default", "--reporter=json"];
  const { exitCode } = await tool("vitest", [...args, `--outputFile.json=${report}`]);
  return countVitest(await readFile(report, "utf8"), exitCode);
}

async function playwright(): Promise<Count> {
  const report = join(REPORTS, "browser.json");
  const { exitCode } = await tool("playwright", ["test", "--reporter=list,json"], {
    CHROMIUM: findChromium(),
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
  return countPlaywright(await readFile(report, "utf8"), exitCode);
}

function tool(name: string, args: string[], env: Record<string, string> = {}): Promise<Finished> {
  return program([join("node_modules", ".bin", name), ...args], env);
}

/** Runs a JavaScript program on this Node, shows what it prints, and keeps it. */
async function program(args: string[], env: Record<string, string> = {}): Promise<Finished> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? "1" : "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running = child;
  let printed = "";
  for (const [stream, show] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    stream.on("data", (chunk: Buffer) => {
      printed += chunk.toString("utf8");
      show.write(chunk);
    });
  }
  const exitCode = await new Promise<number>((ended) => {
    child.on("error", () => ended(1));
    child.on("close", (code) => ended(code ?? 1));
  });
  return { printed, exitCode };
}
