import { json } from "@/lib/api/problem";
import { withToken } from "@/lib/api/token-route";
import { database } from "@/lib/db/database";
import { readGateStatus } from "@/lib/gate/status-store";

export const GET = withToken({
  permission: "gate:read",
  answer: async () => json(await readGateStatus(database())),
});
