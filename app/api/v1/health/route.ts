import { json, problem } from "@/lib/api/problem";
import { database } from "@/lib/db/database";
import { readGateStatus } from "@/lib/gate/status-store";

/** Open to everybody: whether the node can work, and nothing about what it works on. */
export async function GET(): Promise<Response> {
  try {
    const status = await readGateStatus(database());
    const workers = status.workers.filter((worker) => !worker.isSilent).length;
    return json({ status: "ok", database: true, workers, gate: status.state });
  } catch {
    return problem(503, "The database does not answer.", { database: false });
  }
}
