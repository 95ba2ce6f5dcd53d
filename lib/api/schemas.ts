import { z } from "zod";
import { ROLES } from "@/lib/access/permissions";
import { SPAN_NAMES } from "@/lib/activity/activity";
import { EXPORT_FORMATS } from "@/lib/audit/export";
import { auditFilterSchema } from "@/lib/audit/filter-schema";
import { connectionInput, instanceInput, pairInput } from "@/lib/connections/schema";
import { WANTS } from "@/lib/connections/webhook-rules";
import { CONNECTOR_KINDS } from "@/lib/connectors/registry";
import { DECISIONS } from "@/lib/identity/activation";
import { STANDINGS } from "@/lib/pairs/pair";
import { DIRECTIONS, ENTRY_STATES, QUEUE_SORTS } from "@/lib/sync-queue/row";

// What requests may say. Unknown members are refused, so that a typing error is not a silent default.

const reason = z.string().trim().max(500).optional().describe("Why, for those who read the audit.");
const page = z.coerce.number().int().min(1).max(500).default(100).describe("At most so many.");
/** Ids of rows are 32 bits wide. */
const rowId = z.coerce.number().int().positive().max(2_147_483_647);

export const idParams = z.object({ id: rowId });
export const sessionParams = idParams.extend({ session: z.uuid() });
export const webhookParams = idParams.extend({ side: z.enum(["local", "remote"]) });
export const undoParams = z.object({ id: z.uuid() });

export const nothing = z.strictObject({});

const fenceSchema = z.strictObject({
  incarnation: z.string().max(100),
  epoch: z.number().int().min(0).max(2_147_483_647),
});
/** A list that came out empty does not mean all. */
const scope = z
  .array(rowId)
  .min(1)
  .max(1_000)
  .optional()
  .describe("Connections by id; left out: all.");
export const activationBody = z.strictObject({ fence: fenceSchema, reason, scope });
export const decisionBody = z.strictObject({
  verdictId: rowId.describe("The verdict that was read."),
  decision: z.enum(DECISIONS),
  reason,
  label: z
    .string()
    .trim()
    .min(1)
    .max(40)
    .optional()
    .describe("For a copy: what this node is called from now on."),
});
export const takeOverBody = z.strictObject({
  instanceId: rowId,
  project: z.string().min(1).max(255),
  typedName: z.string().describe("The instance's name: nobody takes over by a slip."),
  reason,
});
export const releaseBody = z.strictObject({
  typedName: z.string().describe("The connection's name: nobody releases by a slip."),
});
export const repointBody = z.strictObject({
  side: z.enum(["local", "remote"]),
  instance: instanceInput.pick({ name: true, baseUrl: true, token: true }).strict(),
  project: z.string().trim().min(1).max(255),
});
export const confirmationBody = z.strictObject({
  reported: z.url().max(2_000).describe("What the instance calls itself, as it was shown."),
  applicationId: z.string().max(255).nullable(),
});
export const credentialsBody = z.strictObject({ token: z.string().min(1).max(4_000) });
export const textFormatBody = z.strictObject({
  textFormat: z.enum(["textile", "markdown"]),
  shown: z
    .enum(["textile", "markdown"])
    .optional()
    .describe("The one that was in view; left out, whatever it is now is replaced."),
  reason,
});
export const wantBody = z.strictObject({
  want: z.enum(WANTS).describe("`as_it_is`: whatever was wanted before is taken back."),
  reason,
});

export const reasonBody = z.strictObject({ reason });

export const instanceBody = instanceInput
  .extend({
    kind: z.enum(CONNECTOR_KINDS).default("jira-data-center"),
  })
  .strict();
export const connectionBody = connectionInput
  .extend({
    local: connectionInput.shape.local.strict(),
    remote: connectionInput.shape.remote.strict(),
    mapping: connectionInput.shape.mapping.describe(
      "With `version: 2`; without it, it is read as the first form, which had five fixed fields.",
    ),
  })
  .strict();
export const lookUpQuery = z.strictObject({
  side: z.enum(["local", "remote"]),
  key: z.string().trim().min(1).max(255),
});
export const pairBody = pairInput.strict();

const place = z.strictObject({
  instance: rowId.describe("By its id."),
  project: z.string().trim().min(1).max(255),
  issueType: z.string().trim().min(1).max(255),
  trigger: z.string().trim().min(1).max(4_000).optional(),
});
export const placesBody = z.strictObject({ local: place, remote: place });
export const triggerBody = z.strictObject({
  places: placesBody,
  side: z.enum(["local", "remote"]).describe("Whose trigger."),
});
export const firstPlansBody = connectionBody
  .pick({ policy: true, firstMeeting: true, mapping: true })
  .extend({ places: placesBody });
export const typesQuery = z.strictObject({ project: z.string().trim().min(1).max(255) });
const trigger = z.string().trim().max(4_000).nullable();
export const connectionChanges = connectionBody
  .pick({ mapping: true, policy: true, firstMeeting: true, concurrency: true })
  .required()
  .extend({
    triggers: z
      .strictObject({ local: trigger, remote: trigger })
      .describe("Null: nothing brings issues of this side under sync by itself."),
    quiet: z
      .strictObject({ local: z.boolean(), remote: z.boolean() })
      .optional()
      .describe("Ask the instance to send no mails for our updates. Left out: as it is."),
    agreedVersion: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe("The version that was read: refused when somebody changed it since."),
    reason,
  });
export const leavingBody = z.strictObject({
  side: z.enum(["local", "remote"]),
  trigger: z.string().trim().min(1).max(4_000),
});
export const existingQuery = z.strictObject({ side: z.enum(["local", "remote"]) });
export const existingBody = existingQuery.extend({ reason });
export const pauseBody = z.strictObject({
  forMinutes: z
    .number()
    .int()
    .min(1)
    .max(43_200)
    .optional()
    .describe("Left out: until somebody resumes it."),
  reason,
});
export const deletionQuery = z.strictObject({
  typedName: z.string().max(200).describe("The connection's name: nobody deletes by a slip."),
  reason,
});

const filterShape = {
  connection: rowId.optional(),
  state: z.enum(ENTRY_STATES).optional(),
  direction: z.enum(DIRECTIONS).optional(),
  inherited: z.boolean().optional().describe("Came with the copy that this node is."),
  q: z.string().trim().max(200).optional().describe("Part of a key or of the summary."),
};
export const bulkBody = z.strictObject({
  act: z.enum(["release", "discard"]),
  filter: z
    .strictObject(filterShape)
    .refine(
      (filter) => Object.values(filter).some((value) => value !== undefined && value !== ""),
      {
        error: "names nothing: an act on the whole queue needs a filter that says so",
      },
    )
    .meta({ minProperties: 1 }),
  count: z.number().int().min(1).describe("How many matched when somebody looked."),
  reason,
});

export const queueQuery = z.strictObject({
  ...filterShape,
  inherited: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .optional()
    .describe("Came with the copy that this node is."),
  sort: z.enum(QUEUE_SORTS).default("oldest"),
  cursor: z.string().max(2_000).optional().describe("`nextCursor` of the page before."),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const pairsQuery = z.strictObject({
  connection: rowId.optional(),
  standing: z.enum(STANDINGS).optional(),
  q: z
    .string()
    .trim()
    .max(200)
    .optional()
    .describe("The beginning of a key, or of words of the summary."),
  cursor: z.string().max(2_000).optional().describe("`nextCursor` of the page before."),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe("At most so many."),
});
/** The place of an older page; what it looks like is the answer's own business. */
export const placeQuery = z.strictObject({
  before: z.string().max(200).optional().describe("`next` of the page before."),
});
export const episodesQuery = z.strictObject({
  connection: rowId.optional(),
  code: z.string().max(60).optional(),
  pair: rowId.optional(),
  before: rowId.optional().describe("`next` of the page before."),
});
export const choicesBody = z.strictObject({
  choices: z
    .array(
      z.strictObject({
        field: z.string().min(1).max(200).describe("The local side's id of the field."),
        side: z.enum(["local", "remote"]).describe("Whose value stands."),
        digest: z.string().min(1).max(40).describe("Of the two values that were shown."),
      }),
    )
    .min(1)
    .max(200),
  reason,
});
export const retryGroupBody = z.strictObject({
  code: z.string().min(1).max(60),
  cause: z.string().max(400),
  reason,
});
export const pairKeyQuery = z.strictObject({
  key: z.string().trim().min(1).max(100).describe("Of the issue on either side."),
});
export const permitsQuery = z.strictObject({
  since: z
    .union([z.iso.datetime({ offset: true }), z.uuid()])
    .optional()
    .describe("A moment, or `next` of the page before."),
  limit: page,
});
export const auditQuery = z.strictObject({
  ...auditFilterSchema.shape,
  before: rowId.optional().describe("`older` of the page before."),
  after: rowId.optional().describe("`newer` of the page after."),
  limit: page,
});
export const auditExportBody = z.strictObject({
  ...auditFilterSchema.shape,
  format: z.enum(EXPORT_FORMATS),
});
export const activationsQuery = z.strictObject({
  before: rowId.optional().describe("`next` of the page before."),
  limit: z.coerce.number().int().min(1).max(100).default(20).describe("At most so many."),
});
export const chartsQuery = z.strictObject({
  span: z.enum(SPAN_NAMES).default("24h"),
  connection: rowId.optional(),
});

export const invitationBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  email: z
    .email()
    .max(320)
    .transform((email) => email.toLowerCase()),
  role: z.enum(ROLES),
});
export const roleBody = z.strictObject({ role: z.enum(ROLES) });
export const tokenBody = z.strictObject({
  name: z.string().trim().min(1).max(80),
  role: z.enum(ROLES),
  days: z.number().int().min(1).max(3_650).nullable().describe("Null: it never expires."),
});

/** A path's number, or null for what cannot be one. */
export function pathId(text: string | undefined): number | null {
  const parsed = rowId.safeParse(text);
  return parsed.success ? parsed.data : null;
}
