import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * A run that is ended before its end (Ctrl-C, a test that takes too long) leaves no servers and no files:
 * its workers end with it, but a database server is nobody's child. Returns what ends a run in the same
 * way: the servers of a lane that failed may still write while their files are removed.
 */
export function leaveNothing(folder: string): () => void {
  const clearAway = () => {
    for (const pid of serversIn(folder)) endNow(pid);
    // A server takes a moment to end, and writes until then.
    rmSync(folder, { recursive: true, force: true, maxRetries: 30, retryDelay: 100 });
  };
  const leave = () => process.exit(130);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  process.once("exit", clearAway);
  for (const signal of signals) process.once(signal, leave);
  process.once("disconnect", leave);
  return () => {
    clearAway();
    process.off("exit", clearAway);
    for (const signal of signals) process.off(signal, leave);
    process.off("disconnect", leave);
  };
}

/** Servers of lanes, and of their copies. */
function serversIn(folder: string): number[] {
  const homes = readdirSync(folder)
    .map((lane) => join(folder, lane))
    .flatMap((lane) => [
      lane,
      ...(existsSync(lane) ? readdirSync(lane).map((name) => join(lane, name)) : []),
    ]);
  return homes.flatMap((home) => {
    const file = join(home, "postgres", "postmaster.pid");
    return existsSync(file) ? [Number(readFileSync(file, "utf8").split("\n")[0])] : [];
  });
}

function endNow(pid: number): void {
  try {
    process.kill(pid, "SIGQUIT");
  } catch {
    // It has ended already.
  }
}
