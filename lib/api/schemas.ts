import { z } from "zod";
import { connectionInput, instanceInput, pairInput } from "@/lib/connections/schema";
import { CONNECTOR_KINDS } from "@/lib/connectors/registry";
import { DECISIONS } from "@/lib/identity/activation";
import { DIRECTIONS, ENTRY_STATES, QUEUE_SORTS } from "@/lib/sync-queue/row";

// What requests may say. Unknown members are refused, so that a typing error is not a silent default.

const reason = z.string().trim().max(500).optional();
const page = z.coerce.number().int().min(1).max(500).default(100);
/** Ids of rows are 32 bits wide. */
const rowId = z.coerce.number().int().positive().max(2_147_483_647);

export const idParams = z.object({ id: rowId });
export const undoParams = z.object({ id: z.uuid() });

export const nothing = z.strictObject({});

const fenceSchema = z.strictObject({
  incarnation: z.string().max(100),
  epoch: z.number().int().min(0).max(2_147_483_647),
});
/** Connections by id; left out means all. A list that came out empty does not. */
const scope = z.array(rowId).min(1).max(1_000).optional();
export const activationBody = z.strictObject({ fence: fenceSchema, reason, scope });
export const decisionBody = z.strictObject({
  verdictId: rowId,
  decision: z.enum(DECISIONS),
  reason,
  /** For a copy: what this node is called from now on. */
  label: z.string().trim().min(1).max(40).optional(),
});
export const takeOverBody = z.strictObject({
  instanceId: rowId,
  project: z.string().min(1).max(255),
  /** The instance's name, typed: nobody takes over by a slip. */
  typedName: z.string(),
  reason,
});
export const releaseBody = z.strictObject({ typedName: z.string() });
export const repointBody = z.strictObject({
  side: z.enum(["local", "remote"]),
  instance: instanceInput.pick({ name: true, baseUrl: true, token: true }).strict(),
  project: z.string().trim().min(1).max(255),
});
export const confirmationBody = z.strictObject({
  reported: z.url().max(2_000),
  applicationId: z.string().max(255).nullable(),
});
export const credentialsBody = z.strictObject({ token: z.string().min(1).max(4_000) });
export const reasonBody = z.strictObject({ reason });

export const instanceBody = instanceInput
  .extend({
    kind: instanceInput.shape.kind.refine(
      (kind) => CONNECTOR_KINDS.some((known) => known === kind),
      {
        error: `must be one of: ${CONNECTOR_KINDS.join(", ")}`,
      },
    ),
  })
  .strict();
export const connectionBody = connectionInput
  .extend({
    local: connectionInput.shape.local.strict(),
    remote: connectionInput.shape.remote.strict(),
  })
  .strict();
export const pairBody = pairInput.strict();

const filterShape = {
  connection: rowId.optional(),
  state: z.enum(ENTRY_STATES).optional(),
  direction: z.enum(DIRECTIONS).optional(),
  inherited: z.boolean().optional(),
  q: z.string().trim().max(200).optional(),
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
    ),
  /** How many matched when the person looked. */
  count: z.number().int().min(1),
  reason,
});

export const queueQuery = z.strictObject({
  ...filterShape,
  inherited: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .optional(),
  sort: z.enum(QUEUE_SORTS).default("oldest"),
  cursor: z.string().max(2_000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const pairsQuery = z.strictObject({ key: z.string().trim().min(1).max(100) });
export const permitsQuery = z.strictObject({
  /** A moment, or the `next` of the page before. */
  since: z.union([z.iso.datetime({ offset: true }), z.uuid()]).optional(),
  limit: page,
});
export const auditQuery = z.strictObject({
  /** The `next` of the page before. */
  before: rowId.optional(),
  limit: page,
});

/** A path's number, or null for what cannot be one. */
export function pathId(text: string | undefined): number | null {
  const parsed = rowId.safeParse(text);
  return parsed.success ? parsed.data : null;
}
