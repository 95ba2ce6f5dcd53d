import { json, problem } from "@/lib/api/problem";
import { activationBody } from "@/lib/api/schemas";
import { withToken } from "@/lib/api/token-route";
import { database, pool } from "@/lib/db/database";
import { notifySoon } from "@/lib/db/notify";
import { activate } from "@/lib/gate/gate-store";
import { kickWorkers } from "@/lib/gate/kick";

/** Opens the gate. The fence is the one that was read before: when it is not current, nothing is opened. */
export const POST = withToken({
  permission: "gate:operate",
  body: activationBody,
  async answer({ body, by }) {
    const answer = await activate(database(), { ...body, by: by.name });
    if ("refused" in answer) return problem(409, answer.refused);
    notifySoon(pool(), "sync_changed");
    return json({ fence: answer.opened, workersWoken: await kickWorkers() }, 201);
  },
});
