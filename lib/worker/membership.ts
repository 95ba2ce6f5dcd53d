import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { Worker } from "node:worker_threads";
import { type Membership, type StartOptions, start } from "@/lib/gate/start-store";
import { log } from "@/lib/log";
import type { MemberReport } from "@/lib/worker/member";

/** This process's part in the node's present life, with the thread that answers for it. */
export type Life = {
  membership: Membership;
  /** Why it is over, or null while it goes on. */
  endedBecause: () => string | null;
  /** Stops answering at once. A worker that winds down must not keep a gate open across a restart. */
  end: () => Promise<void>;
};

/** Joins or begins a life (see the start protocol); resolves when our thread answers for it. */
export async function beginLife(
  options: Pick<StartOptions, "url" | "askMs" | "look" | "told" | "after">,
): Promise<Life> {
  const { url } = options;
  let ended: string | null = null;
  let thread: Worker | undefined;
  const membership = await start({
    ...options,
    worker: { id: randomUUID(), host: hostname(), pid: process.pid },
    onJoined: (joined) =>
      new Promise((resolve, reject) => {
        thread = new Worker(new URL("./member-thread.ts", import.meta.url), {
          workerData: { url, membership: joined },
        });
        thread.on("message", (report: MemberReport) => {
          if (report.kind === "answering") resolve();
          if (report.kind === "lost") log.warn("the member lost the database", { why: report.why });
          if (report.kind === "ended") ended = report.why;
        });
        thread.on("error", (error) => {
          ended = "the member's thread failed";
          log.error("the member's thread failed", { error: String(error) });
          reject(error);
        });
        thread.on("exit", () => {
          ended ??= "the member's thread ended";
          resolve();
        });
      }),
  });
  log.info("joined", { worker: membership.workerId, ...membership.fence });
  return {
    membership,
    endedBecause: () => ended,
    end: async () => {
      ended ??= "this worker is stopping";
      await thread?.terminate();
    },
  };
}
