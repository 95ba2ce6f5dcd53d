import pg from "pg";
import { WATCHED_SESSION } from "@/lib/gate/start-store";

/**
 * Calls `onWake` for each `sync_wake` notice. Behind a transaction pooler notices do not arrive; the
 * worker's own ticks then do alone what they do anyway. Returns the end of it.
 */
export function listenForWakes(url: string, onWake: () => void): () => Promise<void> {
  let stopped = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;

  const connect = async () => {
    if (stopped) return;
    client = new pg.Client({
      connectionString: url,
      application_name: "exalate wake",
      options: WATCHED_SESSION,
    });
    const lost = () => {
      client?.removeAllListeners();
      // A late error of a client that is given up must not end the process.
      client?.on("error", () => undefined);
      if (!stopped) retry = setTimeout(connect, 1_000);
    };
    client.on("error", lost);
    client.on("notification", onWake);
    try {
      await client.connect();
      await client.query("listen sync_wake");
    } catch {
      lost();
    }
  };
  void connect();
  return async () => {
    stopped = true;
    clearTimeout(retry);
    await client?.end().catch(() => undefined);
  };
}
