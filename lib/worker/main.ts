import { networkFor } from "@/lib/connectors/network";
import { connectPool, connectPrisma, databaseUrl } from "@/lib/db/database";
import { env, wasTold } from "@/lib/env";
import { NeedsDirectConnection, WrongNode } from "@/lib/gate/start-store";
import { declaredBy } from "@/lib/identity/evidence-store";
import { log } from "@/lib/log";
import { lookAround } from "@/lib/worker/look-around";
import { beginLife } from "@/lib/worker/membership";
import { work } from "@/lib/worker/work";
import { schemaIsKnown } from "@/prisma/migrate";

/** Tells a supervisor that starting again cannot help. The value is sysexits' "configuration error". */
const EXIT_UNUSABLE = 78;

async function main(): Promise<void> {
  const settings = env();
  const url = databaseUrl();
  const pool = connectPool(url, 20);
  const db = connectPrisma(url);
  const network = networkFor(settings);
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort(signal));
  // Our supervisor is gone: an orphan must not keep a gate open across a restart.
  process.on("disconnect", () => stop.abort("the supervisor is gone"));
  stop.signal.addEventListener("abort", () => {
    log.info("stopping", { because: String(stop.signal.reason) });
    // Writes on the wire have their own, shorter time limit.
    setTimeout(() => process.exit(1), settings.WRITE_TIMEOUT_MS + 4_000).unref();
  });

  const declared = declaredBy(settings, wasTold("CONSOLE_URL") ? settings.CONSOLE_URL : null);
  let after: string | undefined;
  while (!stop.signal.aborted) {
    try {
      if (!(await schemaIsKnown(pool)))
        throw new Error(
          "the database has a schema that this version does not know: update this worker",
        );
      const life = await beginLife({
        url,
        askMs: settings.ASK_MS,
        look: (client) => lookAround(client, settings, declared),
        told: declared,
        after,
      });
      // Tells the supervisor that the next one may be started.
      process.send?.("ready");
      await work({
        life,
        db,
        pool,
        network,
        env: settings,
        url,
        console: declared.console,
        stop: stop.signal,
      });
      after = life.endedBecause() ?? undefined;
      if (!stop.signal.aborted) log.warn("life ended", { because: after });
    } catch (error) {
      if (error instanceof WrongNode || error instanceof NeedsDirectConnection) {
        log.error("this worker cannot run", { error: error.message });
        process.exit(EXIT_UNUSABLE);
      }
      log.error("the worker cannot go on for now", { error: String(error) });
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
  await pool.end();
  await db.$disconnect();
  await network.close();
  process.exit(0);
}

await main();
