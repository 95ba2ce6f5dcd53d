import { z } from "zod";
import { isoOf } from "@/lib/connectors/jira-data-center/dates";

// What we read of Jira's answers, and nothing else. A field that an answer leaves out is absent here
// too: unreadable is another thing than empty.

/** Issue and comment property that holds our marker. Properties are invisible to users. */
export const MARKER_PROPERTY = "exalate.marker";
/** Issue property that notes where the twin is. */
export const TWIN_PROPERTY = "exalate.twin";

const id = z.union([z.string(), z.number()]).transform(String);
const moment = z.string().transform((text, context) => {
  const iso = isoOf(text);
  if (iso) return iso;
  context.addIssue({ code: "custom", message: `"${text}" is not a date` });
  return z.NEVER;
});
const named = z.object({ name: z.string() });
const person = z.object({
  key: z.string().optional(),
  name: z.string().optional(),
  displayName: z.string().optional(),
});

/** Anybody may set a property: a value that is not of our shape is none of ours. */
const markerValue = z.object({ marker: z.string() }).optional().catch(undefined);
const twinValue = z
  .object({ marker: z.string(), twinId: id, write: z.string().optional() })
  .optional()
  .catch(undefined);

const comment = z.object({
  id,
  author: person.nullish(),
  body: z.string().nullish(),
  created: moment,
  /** Written for a group or a role. */
  visibility: z.object({ type: z.string(), value: z.string() }).nullish(),
  /** Jira Service Management: `false` for a comment that customers do not see. */
  jsdPublic: z.boolean().optional(),
  properties: z.array(z.object({ key: z.string(), value: z.unknown() })).optional(),
});
export type JiraComment = z.infer<typeof comment>;

export const commentPage = z.object({
  total: z.number().optional(),
  comments: z.array(comment),
});

const otherIssue = z.object({ id, key: z.string() });
const attachment = z.object({
  id,
  filename: z.string(),
  author: person.nullish(),
  created: moment,
  size: z.number(),
  mimeType: z.string().nullish(),
});
export type JiraAttachment = z.infer<typeof attachment>;
const worklog = z.object({
  id,
  author: person.nullish(),
  comment: z.string().nullish(),
  started: moment,
  timeSpentSeconds: z.number(),
  visibility: z.object({ type: z.string(), value: z.string() }).nullish(),
});
export type JiraWorklog = z.infer<typeof worklog>;
export const worklogPage = z.object({ total: z.number().optional(), worklogs: z.array(worklog) });
const issueLink = z.object({
  id,
  /** How it reads from either end. */
  type: named.extend({ inward: z.string().optional(), outward: z.string().optional() }),
  outwardIssue: otherIssue.optional(),
  inwardIssue: otherIssue.optional(),
});
export type JiraLink = z.infer<typeof issueLink>;

const shown = z.string().nullish().catch(undefined); // every object has a toString: absent looks like a function
const changelog = z.object({
  histories: z.array(
    z.object({
      created: moment,
      author: person.nullish(),
      items: z.array(
        z.object({
          field: z.string(),
          fieldId: z.string().optional(),
          from: shown,
          to: shown,
          fromString: shown,
          toString: shown,
        }),
      ),
    }),
  ),
});
export type JiraChangelog = z.infer<typeof changelog>;
/** What people call the fields, by id. */
const names = z.record(z.string(), z.string());
export const changelogAnswer = z.object({ changelog, names: names.default({}) });

/** Kept whole: where people are mapped, the field is read by its kind as well. */
const toldPerson = person.loose().nullish().catch(undefined);

export const issueAnswer = z.object({
  id,
  key: z.string(),
  /** The mapped ones are read by their kinds. */
  fields: z.looseObject({
    updated: moment,
    comment: commentPage.optional(),
    security: z.object({ name: z.string() }).nullish(),
    issuetype: named.optional(),
    attachment: z.array(attachment).optional(),
    worklog: worklogPage.optional(),
    issuelinks: z.array(issueLink).optional(),
    parent: otherIssue.optional(),
    assignee: toldPerson,
    reporter: toldPerson,
    watches: z
      .object({ watchCount: z.number(), isWatching: z.boolean() })
      .optional()
      .catch(undefined),
  }),
  transitions: z
    .array(
      z.object({
        id,
        name: z.string(),
        to: named,
        fields: z
          .record(
            z.string(),
            z.object({
              name: z.string().optional(),
              required: z.boolean().default(false),
              hasDefaultValue: z.boolean().default(false),
            }),
          )
          .default({}),
      }),
    )
    .default([]),
  changelog: changelog.optional(),
  names: names.optional(),
  properties: z.object({ [MARKER_PROPERTY]: markerValue, [TWIN_PROPERTY]: twinValue }).nullish(),
});
export type JiraIssue = z.infer<typeof issueAnswer>;

export const searchAnswer = z.object({
  total: z.number().optional(),
  issues: z.array(
    z.object({
      id,
      key: z.string(),
      fields: z.object({ updated: moment, summary: z.string().nullish() }),
    }),
  ),
});

export const markerAnswer = z.object({ value: markerValue });
export const serverInfo = z.object({
  version: z.string(),
  serverTime: moment.optional(),
  baseUrl: z.url().optional().catch(undefined),
});
export const myself = z.object({ key: z.string(), name: z.string(), timeZone: z.string() });

export const createdIssue = z.object({ id, key: z.string() });
export const writtenComment = z.object({ id });
/** The answer to an upload of one file is a list. */
export const uploaded = z
  .array(z.object({ id }))
  .min(1)
  .transform(([first]) => ({ id: first?.id }));
export const writtenWorklog = z.object({ id });
/** Edits and transitions answer 204 without a body; a property's answer holds nothing for us. */
export const nothing = z.unknown().transform(() => ({}));

export const ISSUE_EVENTS = [
  "jira:issue_created",
  "jira:issue_updated",
  "jira:issue_deleted",
  "comment_created",
  "comment_updated",
  "comment_deleted",
  "issuelink_created",
  "issuelink_deleted",
] as const;

/** An event of Jira 10 that is about an issue. `comment_created` names neither the issue nor a user. */
export const issueWebhook = z.object({
  webhookEvent: z.enum(ISSUE_EVENTS),
  timestamp: z.number().min(0).max(8_640_000_000_000_000), // what a date can hold
  issue_event_type_name: z.string().optional(),
  user: person.nullish(),
  issue: z.object({ id, self: z.string().optional() }).optional(),
  comment: z
    .object({
      id,
      self: z.string(),
      author: person.nullish(),
      updateAuthor: person.nullish(),
      updated: moment.optional(),
    })
    .nullish(),
  changelog: z.object({ id }).nullish(),
  /** Of a link nothing else tells: numbers, no keys and no user. It is read at the issue that it comes from. */
  issueLink: z.object({ id, sourceIssueId: id }).optional(),
});
export type IssueWebhook = z.infer<typeof issueWebhook>;

/** Any event at all: enough to tell that it is none of ours. */
export const anyWebhook = z.object({ webhookEvent: z.string() });
