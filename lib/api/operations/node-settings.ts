import { environmentAnswer, historyAnswer, removalAnswer } from "@/lib/api/answers/node-settings";
import { operation } from "@/lib/api/operation";
import { env } from "@/lib/env";
import { environmentInput } from "@/lib/settings/environment-input";
import { changeEnvironment, readEnvironment } from "@/lib/settings/environment-store";
import { periodsInput, removalInput } from "@/lib/settings/history-input";
import { changePeriods, previewRemoval, readHistory } from "@/lib/settings/history-store";

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

export const readHistoryOfNode = operation({
  id: "readHistory",
  method: "GET",
  path: "/settings/history",
  group: "Settings",
  summary: "How long each kind of history is kept, and how much of it there is",
  description: "Beyond 10,000 rows the number is the database's own estimate.",
  permission: "gate:read",
  answer: historyAnswer,
  carryOut: async ({ db }) => ({ history: await readHistory(db) }),
});

export const changePeriodsOfHistory = operation({
  id: "changePeriods",
  method: "PATCH",
  path: "/settings/history",
  group: "Settings",
  summary: "Keep history for other periods",
  description:
    "Days by kind, null for good; what is left out stays. Workers begin within a minute to remove what is older, and it does not come back: ask first what a period would remove.",
  permission: "settings:write",
  body: periodsInput,
  answer: historyAnswer,
  async carryOut({ db, body, by }) {
    await changePeriods(db, { periods: body, by: by.name });
    return { history: await readHistory(db) };
  },
});

export const previewRemovalOfHistory = operation({
  id: "previewRemoval",
  method: "POST",
  path: "/settings/history/removals",
  group: "Settings",
  summary: "What a period would remove just now; changes nothing",
  description: "Counted among the 20,000 oldest rows: `isMore` when there are as many.",
  permission: "settings:write",
  body: removalInput,
  answer: removalAnswer,
  carryOut: async ({ db, body }) => ({ removal: await previewRemoval(db, body) }),
});
