import { json } from "@/lib/api/problem";
import { takeOverBody } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { database } from "@/lib/db/database";
import { takeOver } from "@/lib/identity/take-over-store";

/** Declares that another node's sign of life counts as ours. */
export const POST = withToken({
  permission: "gate:operate",
  body: takeOverBody,
  async answer({ body, by }) {
    await takeOver(database(), { ...body, by: by.name });
    return json({ instanceId: body.instanceId, project: body.project }, 201);
  },
});
