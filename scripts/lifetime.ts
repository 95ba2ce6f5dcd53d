/**
 * The frame of a program that a person starts: runs `begin`, then waits for Ctrl-C, SIGTERM, the end
 * of the process that started it, or `failed`, and ends what was begun. An error is printed as the
 * sentence it is, without a stack trace, and gives exit code 1.
 */
export async function liveUntilStopped(
  begin: (signal: AbortSignal) => Promise<{ failed?: Promise<never>; stop(): Promise<void> }>,
): Promise<void> {
  const stopping = new AbortController();
  const asked = new Promise<void>((resolve) => {
    // `on`, not `once`: a second Ctrl-C must not cut the clean end short.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, resolve);
    process.on("disconnect", resolve);
  }).then(() => stopping.abort());

  let exitCode = 0;
  try {
    const running = await begin(stopping.signal);
    try {
      await Promise.race(running.failed ? [asked, running.failed] : [asked]);
    } finally {
      console.info("Stopping…");
      await running.stop();
    }
  } catch (error) {
    if (!stopping.signal.aborted) {
      console.error(sentence(error));
      exitCode = 1;
    }
  }
  process.exit(exitCode);
}

/** For a program that does one thing and ends. */
export async function runOnce(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(sentence(error));
    process.exitCode = 1;
  }
}

function sentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
}
