import type { FieldId, FieldKind, Person } from "@/lib/sync/replica";

export type FieldDescription = {
  id: FieldId;
  name: string;
  kind: FieldKind;
  /** The values that it takes, in the instance's order; null when it takes any. */
  allowed: string[] | null;
  /** A new issue needs it. */
  isRequired: boolean;
  canWrite: boolean;
};

/** What issues of one side may look like, as far as our account is told. */
export type SideDescription = {
  types: string[];
  statuses: string[];
  /** Of the side's issue type, in the instance's order. */
  fields: FieldDescription[];
  /** Those who can be given an issue; null when our account may not list them. */
  people: Person[] | null;
};
