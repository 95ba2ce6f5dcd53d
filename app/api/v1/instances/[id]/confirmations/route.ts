import { json, problem } from "@/lib/api/problem";
import { confirmationBody, pathId } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { database } from "@/lib/db/database";
import { confirmInstance } from "@/lib/identity/instance-store";

/** Says that an instance is the one that is meant. */
export const POST = withToken({
  permission: "connections:write",
  body: confirmationBody,
  async answer({ params, body, by }) {
    const id = pathId(params.id);
    if (id === null) return problem(404, "There is no such instance.");
    await confirmInstance(database(), { ...body, id, by: by.name });
    return json({ id }, 201);
  },
});
