import { z } from "zod";

// What we read of Redmine's answers, and nothing else. Redmine leaves out what is empty.

const id = z.number().transform(String);
const named = z.object({ id, name: z.string() });
export type Named = z.infer<typeof named>;
const moment = z.iso.datetime({ offset: true });
const shown = z.string().nullish();
const amount = z.union([z.number(), z.string()]).nullish();

const customField = z.object({
  id,
  name: z.string(),
  value: z.union([z.string(), z.array(z.string())]).nullish(),
});

const journal = z.object({
  id,
  user: named.nullish(),
  notes: z.string().nullish(),
  created_on: moment,
  private_notes: z.boolean().optional(),
  details: z
    .array(z.object({ property: z.string(), name: z.string(), old_value: shown, new_value: shown }))
    .default([]),
});
export type RedmineJournal = z.infer<typeof journal>;

const issue = z.object({
  id,
  project: named,
  tracker: named,
  status: named,
  priority: named,
  author: named.nullish(),
  assigned_to: named.nullish(),
  category: named.nullish(),
  fixed_version: named.nullish(),
  subject: z.string(),
  description: z.string().nullish(),
  start_date: z.string().nullish(),
  due_date: z.string().nullish(),
  done_ratio: amount,
  estimated_hours: amount,
  is_private: z.boolean().optional(),
  custom_fields: z.array(customField).default([]),
  created_on: moment,
  updated_on: moment,
  journals: z.array(journal).default([]),
  allowed_statuses: z.array(named).default([]),
  parent: z.object({ id }).nullish(),
  /** Absent unless asked for, and when there are none. */
  attachments: z
    .array(
      z.object({
        id,
        filename: z.string(),
        filesize: z.number(),
        content_type: z.string().nullish(),
        author: named.nullish(),
      }),
    )
    .default([]),
  relations: z
    .array(z.object({ id, issue_id: id, issue_to_id: id, relation_type: z.string() }))
    .default([]),
});
export type RedmineIssue = z.infer<typeof issue>;

export const issueAnswer = z.object({ issue });

export const issueList = z.object({
  issues: z.array(
    z.object({
      id,
      subject: z.string(),
      updated_on: moment,
      custom_fields: z.array(customField).default([]),
    }),
  ),
  total_count: z.number(),
});

/** Somebody as `/users/N.json` shows them: only administrators see everybody's address. */
const user = z.object({
  id,
  login: z.string(),
  firstname: z.string(),
  lastname: z.string(),
  mail: z.string().nullish(),
  admin: z.boolean().optional(),
  memberships: z.array(z.object({ project: named, roles: z.array(named) })).default([]),
});
export const userAnswer = z.object({ user });

export const membershipPage = z.object({
  total_count: z.number(),
  /** A group has no `user`. */
  memberships: z.array(z.object({ user: named.optional() })),
});

export const projectPage = z.object({
  total_count: z.number(),
  projects: z.array(z.object({ name: z.string(), identifier: z.string() })),
});

export const projectAnswer = z.object({
  project: z.object({
    id,
    identifier: z.string(),
    trackers: z.array(named).default([]),
    issue_categories: z.array(named).default([]),
    issue_custom_fields: z.array(named).default([]),
  }),
});
export const versionList = z.object({
  versions: z.array(named.extend({ status: z.string().optional() })),
});
export const statusList = z.object({ issue_statuses: z.array(named) });
export const priorityList = z.object({ issue_priorities: z.array(named) });
export const roleAnswer = z.object({
  role: z.object({ name: z.string(), permissions: z.array(z.string()) }),
});

/** Only administrators are told what custom fields are made of. */
export const customFieldList = z.object({
  custom_fields: z.array(
    z.object({
      id,
      name: z.string(),
      customized_type: z.string().optional(),
      field_format: z.string(),
      is_required: z.boolean().optional(),
      multiple: z.boolean().optional(),
      possible_values: z.array(z.object({ value: z.string() })).optional(),
      trackers: z.array(named).optional(),
    }),
  ),
});
export type CustomField = z.infer<typeof customFieldList>["custom_fields"][number];

const timeEntry = z.object({
  id,
  issue: z.object({ id }).nullish(),
  user: named.nullish(),
  hours: z.number(),
  comments: z.string().nullish(),
  spent_on: z.string(),
});
export type RedmineTimeEntry = z.infer<typeof timeEntry>;
export const timeEntryPage = z.object({
  total_count: z.number(),
  time_entries: z.array(timeEntry),
});
export const activityList = z.object({
  time_entry_activities: z.array(
    named.extend({ is_default: z.boolean().optional(), active: z.boolean().optional() }),
  ),
});

/** The attachment that an upload becomes once an issue takes it has its id already. */
export const uploaded = z
  .object({ upload: z.object({ id, token: z.string().min(1) }) })
  .transform(({ upload: { id: made, token } }) => ({ id: made, token }));

/** A new issue is answered with its id; its key is what people call it. */
export const createdIssue = z
  .object({ issue: z.object({ id }) })
  .transform(({ issue: made }) => ({ id: made.id, key: `#${made.id}` }));
/** Updates are answered 204, without a body. */
export const nothing = z.unknown().transform(() => ({}));
