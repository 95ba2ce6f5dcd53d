import { json, problem } from "@/lib/api/problem";
import { pathId, repointBody } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { repointSide } from "@/lib/connections/hold-store";
import { database } from "@/lib/db/database";

/** Points one side of a connection at another instance. */
export const POST = withToken({
  permission: "connections:write",
  body: repointBody,
  async answer({ params, body, by }) {
    const id = pathId(params.id);
    if (id === null) return problem(404, "There is no such connection.");
    await repointSide(database(), { ...body, id, by: by.name });
    return json({ id, side: body.side }, 201);
  },
});
