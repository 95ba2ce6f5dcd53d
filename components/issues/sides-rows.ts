import type { PairDetail, SideNow, SidesNow } from "@/lib/pairs/pair";
import type { Side } from "@/lib/sync/plan-types";
import { type Fields, type FieldValue, sameValue } from "@/lib/sync/replica";

/** `undefined`: it was not read, or there is no base; empty is a value. */
export type SidesRow = {
  field: string;
  name: string;
  local: FieldValue | undefined;
  remote: FieldValue | undefined;
  base: { local: FieldValue | undefined; remote: FieldValue | undefined };
  /** The sides that differ from their own base. A mapping loses information: sides are not compared with each other. */
  changed: Side[];
};

/** Both sides beside each other and their base, for each field that the mapping keeps in step. */
export function sidesRows(pair: PairDetail, now: SidesNow | null): SidesRow[] {
  const values = { local: fieldsOf(now?.local), remote: fieldsOf(now?.remote) };
  return pair.fields
    .map(({ local, remote, name }): SidesRow => {
      const here = values.local?.[local];
      const there = values.remote?.[remote];
      const base = { local: pair.local.base?.[local], remote: pair.remote.base?.[remote] };
      return {
        field: local,
        name,
        local: here,
        remote: there,
        base,
        changed: [
          ...(isChanged(here, base.local) ? (["local"] as const) : []),
          ...(isChanged(there, base.remote) ? (["remote"] as const) : []),
        ],
      };
    })
    .filter(({ local, remote, base }) =>
      [local, remote, base.local, base.remote].some((value) => value !== undefined),
    );
}

function fieldsOf(side: SideNow | undefined): Fields | null {
  return side?.kind === "read" ? side.fields : null;
}

function isChanged(now: FieldValue | undefined, base: FieldValue | undefined): boolean {
  return now !== undefined && base !== undefined && !sameValue(now, base);
}
