import { parseEnv } from "@/lib/env";
import { liveUntilStopped } from "@/scripts/lifetime";
import { supervise } from "@/scripts/supervisor";

/** `npm run worker`: one more worker against `DATABASE_URL`, on this or another machine. */
await liveUntilStopped(async () => {
  const settings = parseEnv(process.env);
  if (!settings.DATABASE_URL) {
    throw new Error(
      "set DATABASE_URL to the node's PostgreSQL: a worker has no database of its own",
    );
  }
  const supervisor = supervise(
    [
      {
        name: "worker",
        script: "lib/worker/main.ts",
        env: { ...process.env, NODE_ENV: "production" },
        graceMs: settings.WRITE_TIMEOUT_MS + 5_000,
      },
    ],
    (line) => console.info(line),
  );
  return { failed: supervisor.failed, stop: () => supervisor.stop([["worker"]]) };
});
