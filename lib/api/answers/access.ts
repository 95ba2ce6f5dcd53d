import { z } from "zod";
import { count, id, moment } from "@/lib/api/answers/common";

export const personAnswer = z
  .object({
    id,
    name: z.string(),
    email: z.string(),
    role: z.string(),
    createdAt: moment,
    disabledAt: moment.nullable(),
    sessions: count.describe("Open ones."),
    seenAt: moment.nullable(),
  })
  .meta({ id: "Person" });

export const sessionAnswer = z
  .object({
    id: z.uuid(),
    createdAt: moment,
    seenAt: moment,
    userAgent: z.string().nullable().describe("What the browser says of itself."),
  })
  .meta({ id: "Session" });

export const invitationAnswer = z
  .object({
    email: z.string(),
    name: z.string(),
    role: z.string(),
    invitedBy: z.string(),
    expiresAt: moment,
  })
  .meta({ id: "Invitation" });

export const tokenAnswer = z
  .object({
    id,
    name: z.string(),
    role: z.string(),
    createdAt: moment,
    expiresAt: moment.nullable().describe("Null: never."),
    lastUsedAt: moment.nullable(),
  })
  .meta({ id: "Token" });
