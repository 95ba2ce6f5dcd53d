import { done } from "@/lib/api/answers/common";
import { connectionPageAnswer } from "@/lib/api/answers/connections";
import { existingAnswer, leavingAnswer } from "@/lib/api/answers/set-up";
import { operation } from "@/lib/api/operation";
import { Refusal } from "@/lib/api/refusal";
import {
  connectionChanges,
  deletionQuery,
  existingBody,
  existingQuery,
  idParams,
  leavingBody,
  pauseBody,
  reasonBody,
} from "@/lib/api/schemas";
import {
  changeConnection,
  deleteConnection,
  pauseConnection,
  resumeConnection,
} from "@/lib/connections/change-store";
import { bringInExisting, countExisting } from "@/lib/connections/existing-store";
import { findLeaving } from "@/lib/connections/leaving-store";
import { sharedNetwork } from "@/lib/connections/network";
import { readConnectionPage } from "@/lib/connections/page-store";
import { env } from "@/lib/env";

const UNKNOWN = "There is no such connection.";

export const readOneConnection = operation({
  id: "readConnection",
  method: "GET",
  path: "/connections/{id}",
  group: "Connections",
  summary: "One connection, with everything that was agreed",
  permission: "connections:read",
  params: idParams,
  answer: connectionPageAnswer,
  refuses: { 404: UNKNOWN },
  async carryOut({ db, params }) {
    const connection = await readConnectionPage(db, params.id, env().CONSOLE_URL);
    if (!connection) throw new Refusal(404, UNKNOWN);
    return connection;
  },
});

export const changeOneConnection = operation({
  id: "changeConnection",
  method: "PUT",
  path: "/connections/{id}",
  group: "Connections",
  summary: "Change what was agreed",
  description:
    "What waits is planned anew where the change can alter a plan. A pair that a trigger no longer names stays under sync.",
  permission: "connections:write",
  params: idParams,
  body: connectionChanges,
  answer: done,
  refuses: { 404: UNKNOWN, 409: "Somebody else changed it since `agreedVersion`." },
  async carryOut({ db, params, body, by }) {
    await changeConnection(db, { ...body, id: params.id, by: by.name });
    return { id: params.id };
  },
});

export const deleteOneConnection = operation({
  id: "deleteConnection",
  method: "DELETE",
  path: "/connections/{id}",
  group: "Connections",
  summary: "End a connection: its pairs, their queue, and what is known of them",
  description:
    "Issues stay as they are at both sides. Linked again, they meet as if for the first time.",
  permission: "connections:write",
  params: idParams,
  query: deletionQuery,
  answer: done,
  refuses: { 404: UNKNOWN, 409: "A write of it is on the wire.", 422: "The name is another one." },
  async carryOut({ db, params, query, by }) {
    await deleteConnection(db, { ...query, id: params.id, by: by.name });
    return { id: params.id };
  },
});

export const pauseOneConnection = operation({
  id: "pauseConnection",
  method: "POST",
  path: "/connections/{id}/pauses",
  group: "Connections",
  summary: "Halt one connection, for a while or until somebody resumes it",
  description: "Changes are still detected, and wait.",
  permission: "connections:write",
  params: idParams,
  body: pauseBody,
  status: 201,
  answer: done,
  refuses: { 404: UNKNOWN },
  async carryOut({ db, params, body, by }) {
    await pauseConnection(db, { ...body, id: params.id, by: by.name });
    return { id: params.id };
  },
});

export const resumeOneConnection = operation({
  id: "resumeConnection",
  method: "POST",
  path: "/connections/{id}/resumptions",
  group: "Connections",
  summary: "Let a paused connection go on",
  permission: "connections:write",
  params: idParams,
  body: reasonBody,
  status: 201,
  answer: done,
  refuses: { 404: UNKNOWN, 409: "It is not paused." },
  async carryOut({ db, params, body, by }) {
    await resumeConnection(db, { ...body, id: params.id, by: by.name });
    return { id: params.id };
  },
});

export const findLeavingPairs = operation({
  id: "findLeavingPairs",
  method: "POST",
  path: "/connections/{id}/leaving-pairs",
  group: "Connections",
  summary: "Which pairs a search would not name",
  description:
    "Reads only, and keeps nothing. Such pairs stay under sync whatever the search says: it is for knowing before it is changed.",
  permission: "connections:write",
  params: idParams,
  body: leavingBody,
  answer: leavingAnswer,
  refuses: { 404: UNKNOWN, 422: "The instance could not be asked: `detail` says what it did." },
  carryOut: ({ db, params, body }) => findLeaving(db, sharedNetwork(), { ...body, id: params.id }),
});

export const countExistingIssues = operation({
  id: "countExisting",
  method: "GET",
  path: "/connections/{id}/existing-issues",
  group: "Connections",
  summary: "How many issues a side's trigger names now",
  description: "Reads only. Asks the instance.",
  permission: "queue:act",
  params: idParams,
  query: existingQuery,
  answer: existingAnswer,
  refuses: {
    404: UNKNOWN,
    409: "It is held.",
    422: "The side has no trigger, or the instance could not be asked: `detail` says what it did.",
  },
  carryOut: ({ db, params, query }) =>
    countExisting(db, sharedNetwork(), { ...query, id: params.id }),
});

export const bringInExistingIssues = operation({
  id: "bringInExisting",
  method: "POST",
  path: "/connections/{id}/existing-issues",
  group: "Connections",
  summary: "Bring everything under sync that a side's trigger names now",
  description:
    "The side's next poll carries it out, whether the gate is open or not: it reads and queues. Each issue that is in no pair yet gets a new twin once it is sent; link those first that have a counterpart. Asked again before it is done, it changes nothing.",
  permission: "queue:act",
  params: idParams,
  body: existingBody,
  status: 201,
  answer: done,
  refuses: { 404: UNKNOWN, 409: "It is held.", 422: "The side has no trigger." },
  async carryOut({ db, params, body, by }) {
    await bringInExisting(db, { ...body, id: params.id, by: by.name });
    return { id: params.id };
  },
});
