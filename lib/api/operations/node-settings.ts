import { environmentAnswer } from "@/lib/api/answers/node-settings";
import { operation } from "@/lib/api/operation";
import { env } from "@/lib/env";
import { environmentInput } from "@/lib/settings/environment";
import { changeEnvironment, readEnvironment } from "@/lib/settings/environment-store";

export const readEnvironmentOfNode = operation({
  id: "readEnvironment",
  method: "GET",
  path: "/settings/environment",
  group: "Settings",
  summary: "What this node is called, and its colour",
  permission: "gate:read",
  answer: environmentAnswer,
  carryOut: ({ db }) => readEnvironment(db, env().NODE_LABEL ?? null),
});

export const changeEnvironmentOfNode = operation({
  id: "changeEnvironment",
  method: "PUT",
  path: "/settings/environment",
  group: "Settings",
  summary: "Name and colour this node",
  permission: "settings:write",
  body: environmentInput,
  answer: environmentAnswer,
  refuses: {
    409: "`NODE_LABEL` says the label, or nobody has decided whether this node is a copy.",
  },
  async carryOut({ db, body, by }) {
    const told = env().NODE_LABEL ?? null;
    await changeEnvironment(db, { ...body, told, by: by.name });
    return readEnvironment(db, told);
  },
});
