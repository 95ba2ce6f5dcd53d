import { z } from "zod";
import { connectionInput, instanceInput, pairInput } from "@/lib/connections/schema";
import { CONNECTOR_KINDS } from "@/lib/connectors/registry";
import { mappingSchema } from "@/lib/sync/mapping-schema";
import { DIRECTIONS, ENTRY_STATES, QUEUE_SORTS } from "@/lib/sync-queue/row";

// What requests may say. Unknown members are refused, so that a typing error is not a silent default.

const reason = z.string().trim().max(500).optional();
const page = z.coerce.number().int().min(1).max(500).default(100);
/** Ids of rows are 32 bits wide. */
const rowId = z.coerce.number().int().positive().max(2_147_483_647);

const fenceSchema = z.strictObject({
  incarnation: z.string().max(100),
  epoch: z.number().int().min(0).max(2_147_483_647),
});
export const activationBody = z.strictObject({ fence: fenceSchema, reason });
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
const { fields, values } = mappingSchema.shape;
const tables = values.unwrap().shape;
const emptyTable = { toRemote: {}, toLocal: {} };
export const connectionBody = connectionInput
  .extend({
    local: connectionInput.shape.local.strict(),
    remote: connectionInput.shape.remote.strict(),
    mapping: mappingSchema
      .extend({
        fields: fields.unwrap().strict().prefault({}),
        values: z
          .strictObject({
            status: tables.status.unwrap().strict().default(emptyTable),
            priority: tables.priority.unwrap().strict().default(emptyTable),
          })
          .prefault({}),
      })
      .strict()
      .prefault({}),
  })
  .strict();
export const pairBody = pairInput.strict();

export const queueQuery = z.strictObject({
  connection: rowId.optional(),
  state: z.enum(ENTRY_STATES).optional(),
  direction: z.enum(DIRECTIONS).optional(),
  q: z.string().trim().max(200).optional(),
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
