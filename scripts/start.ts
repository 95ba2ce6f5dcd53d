import { liveUntilStopped } from "@/scripts/lifetime";
import { startNode } from "@/scripts/node";

/** `npm start`: one node in production mode. */
await liveUntilStopped(async (signal) => {
  const node = await startNode({ env: process.env, print: (line) => console.info(line), signal });
  console.info(`The console answers at ${node.consoleUrl}`);
  return node;
});
