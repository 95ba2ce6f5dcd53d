import type { FieldMapping } from "@/lib/sync/mapping-schema";
import type { Side } from "@/lib/sync/plan-types";

/** What people call a field that is mapped. */
export function nameOf({ name, local }: FieldMapping): string {
  return name ?? local;
}

/** Whether changes of this field may be written at `to`. */
export function mayTravel({ direction }: Pick<FieldMapping, "direction">, to: Side): boolean {
  return direction === "both" || direction === (to === "remote" ? "to_remote" : "to_local");
}
