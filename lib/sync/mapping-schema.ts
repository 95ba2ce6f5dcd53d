import { z } from "zod";
import { FIELD_KINDS } from "@/lib/sync/replica";

const direction = z.enum(["both", "to_remote", "to_local", "none"]);
/** Which way something travels. */
export type Direction = z.infer<typeof direction>;
const side = z.enum(["local", "remote"]);

/** Each side's value to the other's: two tables, since many statuses may become one. */
const table = z.strictObject({
  toRemote: z.record(z.string(), z.string()).default({}),
  toLocal: z.record(z.string(), z.string()).default({}),
});

const fieldMapping = z.strictObject({
  /** A field of each side, by the side's own id. */
  local: z.string().min(1),
  remote: z.string().min(1),
  kind: z.enum(FIELD_KINDS),
  /** What people call it. */
  name: z.string().min(1).optional(),
  direction: direction.default("both"),
  /** Absent: a value is the same on both sides. A value without a counterpart in it stays at home. */
  values: table.optional(),
  /** What a value without a counterpart becomes instead. Elements of a set have no such thing. */
  otherwise: z
    .object({ toRemote: z.string().min(1).optional(), toLocal: z.string().min(1).optional() })
    .optional(),
});
export type FieldMapping = z.infer<typeof fieldMapping>;

const constant = z.strictObject({
  side,
  field: z.string().min(1),
  kind: z.enum(FIELD_KINDS),
  value: z.union([z.string(), z.array(z.string())]),
});

const people = z.strictObject({
  /** Pairs of logins, before anything else. */
  table: z.array(z.object({ local: z.string().min(1), remote: z.string().min(1) })).default([]),
  /** How somebody who is not in the table is found. */
  by: z.array(z.enum(["email", "name"])).default(["email", "name"]),
  /** The login that stands for everybody without a counterpart; null leaves the field as it is. */
  otherwise: z
    .object({
      local: z.string().nullable().default(null),
      remote: z.string().nullable().default(null),
    })
    .prefault({}),
});

const current = z
  .strictObject({
    /** Without one, a mapping is read as the first form: five fields that are alike on both sides. */
    version: z.literal(2).default(2),
    fields: z.array(fieldMapping).default([]),
    /** Set on a new issue, whatever its original has. */
    constants: z.array(constant).default([]),
    people: people.prefault({}),
    comments: direction.default("both"),
    attachments: direction.default("none"),
    /** Larger files stay at home, in bytes. */
    largestAttachment: z.int().positive().default(100_000_000),
    worklogs: direction.default("none"),
    links: direction.default("none"),
    /** A type of link at each side that means the same; one that is not listed has its own name there. */
    linkTypes: table.optional(),
    /** Whether a part of an issue under sync becomes a part of that issue's twin. */
    subtasks: direction.default("none"),
    /** How many steps of a workflow may be taken for one change of status. */
    statusSteps: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(3),
    /**
     * The circle for which private comments may travel, as each side names it ("role:Developers"). A comment
     * for that circle arrives for the other side's; every other private comment stays at home.
     */
    privateComments: z
      .union([
        z.literal("never"),
        z.strictObject({ local: z.string().min(1), remote: z.string().min(1) }),
      ])
      .default("never"),
  })
  .superRefine(({ fields }, context) => {
    for (const which of ["local", "remote"] as const) {
      const seen = new Set<string>();
      for (const [index, row] of fields.entries()) {
        if (seen.has(row[which]))
          context.addIssue({
            code: "custom",
            path: ["fields", index, which],
            message: `${row[which]} of the ${which} side is mapped twice`,
          });
        seen.add(row[which]);
      }
    }
    for (const [index, row] of fields.entries())
      if ((row.local === "status") !== (row.remote === "status"))
        context.addIssue({
          code: "custom",
          path: ["fields", index],
          message: "a status corresponds to a status, since only a transition sets it",
        });
  });

const fixedTable = table.default({ toRemote: {}, toLocal: {} });
const fixedDirection = direction.default("both");

/** The first form of a mapping, with five fixed fields. Connections of that time still have it. */
const first = z.strictObject({
  fields: z
    .strictObject({
      summary: fixedDirection,
      description: fixedDirection,
      status: fixedDirection,
      priority: fixedDirection,
      labels: fixedDirection,
    })
    .prefault({}),
  comments: fixedDirection,
  values: z.strictObject({ status: fixedTable, priority: fixedTable }).prefault({}),
});

const FIRST_KINDS = {
  summary: "text",
  description: "markup",
  status: "option",
  priority: "option",
  labels: "options",
} as const;

/** How the fields of two issues correspond. A mapping of the first form is read as what it means. */
export const mappingSchema = z.preprocess((given, context) => {
  if (typeof given !== "object" || given === null || "version" in given) return given;
  const read = first.safeParse(given);
  if (read.success) return upgraded(read.data);
  for (const issue of read.error.issues) context.issues.push({ ...issue, input: given } as never);
  // What is wrong has been said: the rest is not looked at.
  return { version: 2 };
}, current);

function upgraded({ fields, comments, values }: z.infer<typeof first>): z.input<typeof current> {
  const names = ["summary", "description", "status", "priority", "labels"] as const;
  return {
    version: 2,
    comments,
    fields: names.map((name) => ({
      local: name,
      remote: name,
      kind: FIRST_KINDS[name],
      direction: fields[name],
      ...(name === "status" || name === "priority" ? { values: values[name] } : {}),
    })),
  };
}

export type Mapping = z.infer<typeof current>;
