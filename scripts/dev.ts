import { liveUntilStopped } from "@/scripts/lifetime";
import { startNode } from "@/scripts/node";

/** `npm run dev`: pages are compiled as they are opened; one worker. */
await liveUntilStopped(async (signal) => {
  const node = await startNode({
    env: { ...process.env, WORKERS: process.env.WORKERS ?? "1" },
    print: (line) => console.info(line),
    isDevelopment: true,
    signal,
  });
  console.info(`The console answers at ${node.consoleUrl}`);
  return node;
});
