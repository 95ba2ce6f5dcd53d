import { z } from "zod";
import {
  changeRole,
  endSessionOf,
  endSessionsOf,
  invite,
  listInvitations,
  listPeople,
  listSessions,
  setDisabled,
} from "@/lib/access/people-store";
import { invitationAnswer, personAnswer, sessionAnswer } from "@/lib/api/answers/access";
import { count, done } from "@/lib/api/answers/common";
import { operation } from "@/lib/api/operation";
import { idParams, invitationBody, nothing, roleBody, sessionParams } from "@/lib/api/schemas";
import { env } from "@/lib/env";

const UNKNOWN = "There is no such person.";
const LAST = "It is the last administrator.";

export const listAllPeople = operation({
  id: "listPeople",
  method: "GET",
  path: "/people",
  group: "Settings",
  summary: "Everybody who may sign in, and who is invited",
  permission: "access:manage",
  answer: z.object({ people: z.array(personAnswer), invitations: z.array(invitationAnswer) }),
  carryOut: async ({ db }) => ({
    people: await listPeople(db),
    invitations: await listInvitations(db),
  }),
});

export const invitePerson = operation({
  id: "invitePerson",
  method: "POST",
  path: "/invitations",
  group: "Settings",
  summary: "Invite somebody",
  description:
    "The answer holds the link, this once: give it to them. It works once, for 72 hours; an earlier invitation of theirs stops working.",
  permission: "access:manage",
  body: invitationBody,
  creation: "in_transaction",
  answer: z.object({ link: z.url() }),
  refuses: { 409: "They have an account already." },
  carryOut: async ({ db, body, by }) => {
    const token = await invite(db, { ...body, by: by.name });
    return { link: `${env().CONSOLE_URL}/invited?token=${token}` };
  },
});

export const changeRoleOfPerson = operation({
  id: "changeRole",
  method: "PUT",
  path: "/people/{id}/role",
  group: "Settings",
  summary: "Give somebody another role",
  description: "It counts from their next click.",
  permission: "access:manage",
  params: idParams,
  body: roleBody,
  answer: done,
  refuses: { 404: UNKNOWN, 422: LAST },
  async carryOut({ db, params, body, by }) {
    await changeRole(db, { id: params.id, role: body.role, by: by.name });
    return { id: params.id };
  },
});

export const disablePerson = lock("disable", true, "Lock somebody out at once");
export const enablePerson = lock("enable", false, "Let somebody in again who was locked out");

function lock(act: "disable" | "enable", disabled: boolean, summary: string) {
  return operation({
    id: `${act}Person`,
    method: "POST",
    path: `/people/{id}/${disabled ? "disablings" : "enablings"}`,
    group: "Settings",
    summary,
    permission: "access:manage",
    params: idParams,
    body: nothing,
    status: 201,
    answer: done,
    refuses: disabled ? { 404: UNKNOWN, 422: LAST } : { 404: UNKNOWN },
    async carryOut({ db, params, by }) {
      await setDisabled(db, { id: params.id, disabled, by: by.name });
      return { id: params.id };
    },
  });
}

export const listSessionsOfPerson = operation({
  id: "listSessions",
  method: "GET",
  path: "/people/{id}/sessions",
  group: "Settings",
  summary: "Where somebody is signed in",
  permission: "access:manage",
  params: idParams,
  answer: z.object({ sessions: z.array(sessionAnswer) }),
  refuses: { 404: UNKNOWN },
  carryOut: async ({ db, params }) => {
    const sessions = await listSessions(db, params.id, null);
    return { sessions: sessions.map(({ isPresent: _, ...session }) => session) };
  },
});

export const endSessionOfPerson = operation({
  id: "endSession",
  method: "DELETE",
  path: "/people/{id}/sessions/{session}",
  group: "Settings",
  summary: "End one session of somebody",
  permission: "access:manage",
  params: sessionParams,
  answer: z.object({ session: z.uuid() }),
  refuses: { 404: "There is no such person, or the session has ended already." },
  async carryOut({ db, params, by }) {
    await endSessionOf(db, { userId: params.id, sessionId: params.session, by: by.name });
    return { session: params.session };
  },
});

export const endSessionsOfPerson = operation({
  id: "endSessions",
  method: "DELETE",
  path: "/people/{id}/sessions",
  group: "Settings",
  summary: "End all sessions of somebody; they can sign in again",
  permission: "access:manage",
  params: idParams,
  answer: z.object({ ended: count }),
  refuses: { 404: UNKNOWN },
  carryOut: async ({ db, params, by }) => ({
    ended: await endSessionsOf(db, { id: params.id, by: by.name }),
  }),
});
