import { z } from "zod";
import {
  comparedAnswer,
  firstPlansAnswer,
  projectsAnswer,
  triedAnswer,
  triggeredAnswer,
} from "@/lib/api/answers/set-up";
import { operation } from "@/lib/api/operation";
import {
  firstPlansBody,
  idParams,
  instanceBody,
  placesBody,
  triggerBody,
  typesQuery,
} from "@/lib/api/schemas";
import { sharedNetwork } from "@/lib/connections/network";
import {
  compareSides,
  planFirst,
  readProjects,
  readTypes,
  tryInstance,
  tryTrigger,
} from "@/lib/connections/setup-store";

const UNKNOWN = "There is no such instance.";
const ASKED = "An instance is not there, or it could not be asked: `detail` says what it did.";

export const tryOneInstance = operation({
  id: "tryInstance",
  method: "POST",
  path: "/instances/trials",
  group: "Instances",
  summary: "Try an address and a token, step by step",
  description: "Reads only, and keeps nothing. Whatever the instance does is told as a check.",
  permission: "connections:write",
  body: instanceBody,
  answer: triedAnswer,
  refuses: { 422: "The address cannot be one." },
  carryOut: ({ body }) => tryInstance(sharedNetwork(), body, new Date()),
});

export const listProjects = operation({
  id: "listProjects",
  method: "GET",
  path: "/instances/{id}/projects",
  group: "Instances",
  summary: "The projects that our account sees at an instance",
  permission: "connections:write",
  params: idParams,
  answer: projectsAnswer,
  refuses: { 404: UNKNOWN, 422: ASKED },
  carryOut: async ({ db, params }) => ({
    projects: await readProjects(db, sharedNetwork(), params.id),
  }),
});

export const listTypes = operation({
  id: "listTypes",
  method: "GET",
  path: "/instances/{id}/types",
  group: "Instances",
  summary: "The types of issue that may be created in a project",
  permission: "connections:write",
  params: idParams,
  query: typesQuery,
  answer: z.object({ types: z.array(z.string()) }),
  refuses: { 404: UNKNOWN, 422: ASKED },
  carryOut: async ({ db, params, query: { project } }) => ({
    types: await readTypes(db, sharedNetwork(), { instance: params.id, project }),
  }),
});

export const compareBothSides = operation({
  id: "compareSides",
  method: "POST",
  path: "/connections/comparisons",
  group: "Connections",
  summary: "What issues of both sides may look like, and a mapping to begin with",
  description: "Reads only, and keeps nothing.",
  permission: "connections:write",
  body: placesBody,
  answer: comparedAnswer,
  refuses: { 404: UNKNOWN, 422: ASKED },
  carryOut: ({ db, body }) => compareSides(db, sharedNetwork(), body),
});

export const tryOneTrigger = operation({
  id: "tryTrigger",
  method: "POST",
  path: "/connections/trigger-trials",
  group: "Connections",
  summary: "How many issues a trigger names now, and the newest of them",
  description: "Reads only, and keeps nothing.",
  permission: "connections:write",
  body: triggerBody,
  answer: triggeredAnswer,
  refuses: { 404: UNKNOWN, 422: ASKED },
  carryOut: ({ db, body }) => tryTrigger(db, sharedNetwork(), body.places, body.side),
});

export const planFirstIssues = operation({
  id: "planFirst",
  method: "POST",
  path: "/connections/first-plans",
  group: "Connections",
  summary: "What a connection would send first, and what is wrong with its mapping",
  description: "Reads only, and keeps nothing: planned by the code that sends.",
  permission: "connections:write",
  body: firstPlansBody,
  answer: firstPlansAnswer,
  refuses: { 404: UNKNOWN, 422: ASKED },
  carryOut: ({ db, body }) => planFirst(db, sharedNetwork(), body),
});
