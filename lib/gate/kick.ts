import { derivedSecret } from "@/lib/access/seal";
import { env } from "@/lib/env";

const PATIENCE_MS = 3_000;

/**
 * Asks the background worker route of this console to wake the workers. `false` when it did not answer
 * or no worker lives; an activation stands all the same, since workers poll the gate.
 */
export async function kickWorkers(): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${env().PORT}/api/worker`, {
      method: "POST",
      headers: { authorization: `Bearer ${derivedSecret("worker-route")}` },
      signal: AbortSignal.timeout(PATIENCE_MS),
      redirect: "error",
    });
    return answer.ok;
  } catch {
    return false;
  }
}
