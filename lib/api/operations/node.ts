import { z } from "zod";
import { count, gateState } from "@/lib/api/answers/common";
import { operation } from "@/lib/api/operation";
import { Refusal } from "@/lib/api/refusal";
import { readGateStatus } from "@/lib/gate/status-store";

export const readHealth = operation({
  id: "readHealth",
  method: "GET",
  path: "/health",
  group: "Node",
  summary: "Whether the node can work, and nothing about what it works on",
  description: "Open to everybody, and not counted by the rate limits.",
  permission: "open",
  answer: z.object({
    status: z.literal("ok"),
    database: z.literal(true),
    workers: count.describe("Those that live."),
    gate: gateState,
  }),
  refuses: { 503: "The database does not answer." },
  async carryOut({ db }) {
    const status = await readGateStatus(db).catch(() => {
      throw new Refusal(503, "The database does not answer.", { database: false });
    });
    const workers = status.workers.filter((worker) => !worker.isSilent).length;
    return { status: "ok" as const, database: true as const, workers, gate: status.state };
  },
});
