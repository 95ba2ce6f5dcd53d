import { createWriteStream } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { consoleApi } from "@/scripts/demo/console-api";
import { demoEnvironment } from "@/scripts/demo/environment";
import { seed } from "@/scripts/demo/seed";
import { type DemoState, openState, saveState } from "@/scripts/demo/state";
import { PARTNER, PRODUCTION } from "@/scripts/demo/story";
import { liveUntilStopped } from "@/scripts/lifetime";
import { refuseTakenPort, startNode } from "@/scripts/node";
import { supervise } from "@/scripts/supervisor";

/** `npm run demo`: two trackers that exist only here, and a node between them. `-- --fresh` starts over. */
await liveUntilStopped(async (signal) => {
  const { values } = parseArgs({ options: { fresh: { type: "boolean", default: false } } });
  const directory = resolve(process.env.DATA_DIR || "data", "demo");
  for (const { port } of [PRODUCTION, PARTNER]) await refuseTakenPort(port);
  await refuseTakenPort(Number(process.env.PORT || 3000));
  const state = await openState(directory, values.fresh);
  const tell = (line: string) => console.info(`… ${line}`);

  const log = createWriteStream(join(directory, "node.log"));
  const print = (line: string) => void log.write(`${line}\n`);
  tell("Starting two Jira simulators");
  const simulators = startSimulators(directory, print);
  try {
    await Promise.all([answers(PRODUCTION.url, signal), answers(PARTNER.url, signal)]);
    tell("Starting the database, the console and two workers");
    const node = await startNode({ env: demoEnvironment(directory, state), print, signal });
    const stop = async () => {
      await node.stop();
      await simulators.stop();
    };
    try {
      if (!state.isSeeded) {
        const api = consoleApi(node.consoleUrl, state.apiToken);
        await seed({ api, consoleUrl: node.consoleUrl, signal, tell });
        await saveState(directory, { ...state, isSeeded: true });
      }
    } catch (error) {
      await node.stop();
      throw error;
    }
    console.info(welcome(node.consoleUrl, state));
    return { failed: Promise.race([node.failed, simulators.failed]), stop };
  } catch (error) {
    await simulators.stop();
    throw error;
  }
});

function startSimulators(directory: string, print: (line: string) => void) {
  const both = [PRODUCTION, PARTNER];
  const supervisor = supervise(
    both.map(({ name, port, contextPath }) => ({
      name,
      script: "e2e/simulators/jira-data-center/main.ts",
      args: [
        `--name=${name}`,
        `--port=${port}`,
        `--context=${contextPath}`,
        `--data=${join(directory, "simulators", `${name}.json`)}`,
      ],
      env: process.env,
      graceMs: 5_000,
    })),
    print,
  );
  return { failed: supervisor.failed, stop: () => supervisor.stop([both.map(({ name }) => name)]) };
}

async function answers(url: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    const answer = await fetch(`${url}/status`).catch(() => null);
    if (answer) return;
    await pause(200, undefined, { signal });
  }
  throw new Error(
    `the simulator at ${url} does not answer: see node.log in the demo's data directory`,
  );
}

function welcome(consoleUrl: string, { adminEmail, adminPassword }: DemoState): string {
  return `
  The console        ${consoleUrl}
  Sign in as         ${adminEmail}
  Password           ${adminPassword}

  Production's Jira  ${PRODUCTION.url}   (project PROD)
  The partner's Jira ${PARTNER.url}        (project ACME)

  What to try
  1. Sign in. Nothing is sent: the banner says how many issues wait.
  2. Open the Sync Queue, then an entry: this is what will be sent. Hold one of them.
  3. Press Activate sync and watch the queue drain. The held one stays.
  4. Look at the same issues in the partner's Jira, comment there, and see it arrive in production.
  5. Deactivate, edit something in a Jira, and find it waiting.
  6. Stop this with Ctrl-C and start it again: inactive, and the queue is as it was.

  7. In another terminal, clone this node while it runs: npm run demo:clone

  npm run demo -- --fresh starts over. The node's log: ${join("data", "demo", "node.log")}
`;
}
