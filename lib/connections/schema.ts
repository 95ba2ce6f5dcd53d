import { z } from "zod";
import { mappingSchema } from "@/lib/sync/mapping-schema";
import { FIRST_MEETINGS, POLICIES } from "@/lib/sync/policies";

// What people and programs may say about instances, connections and pairs; the API's description is made from it.

export const instanceInput = z.object({
  kind: z.string().default("jira-data-center"),
  name: z.string().trim().min(1).max(80),
  /** With the context path. A password, a query or a fragment would travel with every request. */
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .refine((text) => {
      const url = URL.parse(text);
      return url !== null && !url.username && !url.password && !url.search && !url.hash;
    }, "must be an address without a password, a query or a fragment")
    .transform((url) => url.replace(/\/+$/, "")),
  /** A personal access token of the sync account. Never comes back. */
  token: z.string().min(1).max(4_000),
  /** The markup of its texts, for an instance whose API does not tell it (Redmine). */
  textFormat: z.enum(["textile", "markdown"]).optional(),
});
export type InstanceInput = z.infer<typeof instanceInput>;

/** An instance or a connection, by id or by name. */
const reference = z.union([z.number().int().positive(), z.string().min(1)]);
const side = z.object({
  instance: reference,
  project: z.string().min(1),
  issueType: z.string().min(1).default("Task"),
  /** A search of the instance's own language: what it finds comes under sync. */
  trigger: z.string().min(1).optional(),
  /** Ask the instance to send no mails for our updates, where it can be asked. */
  quiet: z.boolean().optional(),
});

export const connectionInput = z.object({
  name: z.string().trim().min(1).max(80),
  local: side,
  remote: side,
  mapping: mappingSchema.prefault({}),
  policy: z.enum(POLICIES).default("hold"),
  firstMeeting: z.enum(FIRST_MEETINGS).default("hold"),
  concurrency: z.number().int().min(1).max(50).default(4),
  /** The issues that the triggers name already come under sync as well. */
  bringInExisting: z.boolean().optional(),
});
export type ConnectionInput = z.infer<typeof connectionInput>;

export const pairInput = z.object({
  connection: reference,
  localKey: z.string().min(1),
  remoteKey: z.string().min(1),
});
export type PairInput = z.infer<typeof pairInput>;
