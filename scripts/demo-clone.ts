import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { copyEmbedded } from "@/lib/db/copy-embedded";
import { findEmbedded } from "@/lib/db/embedded";
import { demoEnvironment } from "@/scripts/demo/environment";
import { readState } from "@/scripts/demo/state";
import { liveUntilStopped } from "@/scripts/lifetime";
import { refuseTakenPort, startNode } from "@/scripts/node";

const PORT = 3001;

/**
 * `npm run demo:clone`: copies the running demo, database and key, and starts a second node on the copy,
 * as when a production server is cloned to staging. `-- --without-key` copies the database alone.
 */
await liveUntilStopped(async (signal) => {
  const { values } = parseArgs({ options: { "without-key": { type: "boolean", default: false } } });
  const data = resolve(process.env.DATA_DIR || "data");
  const [original, directory] = [join(data, "demo"), join(data, "demo-clone")];
  await refuseTakenPort(PORT);
  const state = await readState(original);
  if (!state || !(await findEmbedded(original)))
    throw new Error("there is no demo to clone: start it first with npm run demo");
  if (await findEmbedded(directory))
    throw new Error(`a node still runs from ${directory}: end it first`);
  await rm(directory, { recursive: true, force: true });

  console.info("… Copying the demo's database while it runs");
  await copyEmbedded(original, directory, { withKey: !values["without-key"] });
  console.info("… Starting a second node on the copy");
  const log = createWriteStream(join(directory, "node.log"));
  const node = await startNode({
    env: { ...demoEnvironment(directory, state), PORT: String(PORT), CONSOLE_URL: "" },
    print: (line) => void log.write(`${line}\n`),
    signal,
  });
  console.info(`
  The copy's console  ${node.consoleUrl}
  Sign in as          ${state.adminEmail}
  Password            ${state.adminPassword}

  What to try
  1. Sign in. The banner says that this node was moved, or is a copy. Nothing is sent.
  2. Open Activation: what was seen then and now, and what stands at the partner.
     Is the original active? Then its sign of life moves there every 15 seconds.
  3. Say that it is a copy. Sign in again: what it inherited is set aside, its connections are held.
  4. Or make the mistake: say that it is the same node, moved, and activate. See what stops it, and
     what the original says.
`);
  return { failed: node.failed, stop: () => node.stop() };
});
