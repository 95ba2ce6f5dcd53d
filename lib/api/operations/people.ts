import { z } from "zod";
import {
  changeRole,
  endSessionsOf,
  invite,
  listInvitations,
  listPeople,
  setDisabled,
} from "@/lib/access/people-store";
import { invitationAnswer, personAnswer } from "@/lib/api/answers/access";
import { count, done } from "@/lib/api/answers/common";
import { operation } from "@/lib/api/operation";
import { idParams, invitationBody, nothing, roleBody } from "@/lib/api/schemas";
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
