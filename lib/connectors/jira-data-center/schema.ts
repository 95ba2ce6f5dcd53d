import { z } from "zod";

// What we read of Jira's answers, and nothing else. Unknown members are ignored.

const named = z.object({ name: z.string() });
const user = z.object({ key: z.string().optional(), displayName: z.string().optional() });

/** "2026-11-24T18:00:00.000+0000" to ISO in UTC; Jira writes the offset without a colon. */
export const jiraTime = z.string().transform((text, context) => {
  const at = new Date(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  context.addIssue({ code: "custom", message: `"${text}" is not a time` });
  return z.NEVER;
});

export const comment = z.object({
  id: z.string(),
  author: user.nullish(),
  body: z.string(),
  created: jiraTime,
  visibility: z.object({ type: z.string() }).nullish(),
  properties: z.array(z.object({ key: z.string(), value: z.unknown() })).optional(),
});
export type JiraComment = z.output<typeof comment>;

export const commentPage = z.object({ comments: z.array(comment), total: z.number().optional() });

export const issue = z.object({
  id: z.string(),
  key: z.string(),
  fields: z.object({
    updated: jiraTime,
    summary: z.string().nullish(),
    description: z.string().nullish(),
    labels: z.array(z.string()).nullish(),
    priority: named.nullish(),
    status: named.nullish(),
    comment: commentPage.optional(),
  }),
  transitions: z.array(z.object({ id: z.string(), name: z.string(), to: named })).default([]),
  properties: z.record(z.string(), z.unknown()).nullish(),
});
export type JiraIssue = z.output<typeof issue>;

export const searchPage = z.object({
  total: z.number(),
  issues: z.array(
    z.object({
      id: z.string(),
      key: z.string(),
      fields: z.object({ updated: jiraTime, summary: z.string().nullish() }),
    }),
  ),
});

export const changelog = z.object({
  changelog: z.object({
    histories: z.array(
      z.object({ created: jiraTime, items: z.array(z.object({ field: z.string() })) }),
    ),
  }),
});

export const property = z.object({ value: z.unknown() });
export const markerValue = z.object({ marker: z.string() });
export const stampValue = z.object({ marker: z.string(), twinId: z.string() });

export const myself = z.object({
  key: z.string(),
  name: z.string(),
  timeZone: z.string().optional(),
});
export const serverInfo = z.object({
  version: z.string(),
  baseUrl: z.string(),
  serverTime: jiraTime.optional(),
});

export const createdIssue = z.object({ id: z.string(), key: z.string() });
export const createdComment = z.object({ id: z.string() });
/** Edits and transitions answer 204 without a body; a property's answer holds nothing for us. */
export const noContent = z.unknown().transform(() => ({}));

const webhookIssue = z.object({
  id: z.string(),
  key: z.string().optional(),
});
export const webhook = z.object({
  webhookEvent: z.string(),
  timestamp: z.number().optional(),
  issue_event_type_name: z.string().optional(),
  user: z.object({ name: z.string().optional(), displayName: z.string().optional() }).nullish(),
  issue: webhookIssue.optional(),
  comment: z
    .object({
      id: z.string(),
      self: z.string().optional(),
      updated: z.string().optional(),
      author: z.object({ displayName: z.string().optional() }).nullish(),
    })
    .nullish(),
  changelog: z.object({ id: z.union([z.string(), z.number()]) }).nullish(),
});
