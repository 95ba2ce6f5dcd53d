/** The fields of the neutral form, in the order people read them. */
export const FIELDS = ["summary", "description", "status", "priority", "labels"] as const;
export type FieldName = (typeof FIELDS)[number];
