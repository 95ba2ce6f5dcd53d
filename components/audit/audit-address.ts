import {
  type AuditFilter,
  type AuditPlace,
  auditFilterSchema,
  auditPlaceSchema,
} from "@/lib/audit/record";

/** What the page's address says: the filter, and the place within it. */
export type AuditAddress = { filter: AuditFilter; place: AuditPlace };

/** Reads an address; a part that it does not understand is as if it were not there. */
export function parseAuditAddress(params: URLSearchParams): AuditAddress {
  return {
    filter: partsOf(auditFilterSchema.shape, params) as AuditFilter,
    place: partsOf(auditPlaceSchema.shape, params) as AuditPlace,
  };
}

type Part = { safeParse: (raw: unknown) => { success: boolean; data?: unknown } };

function partsOf(shape: Record<string, Part>, params: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(shape).flatMap(([name, part]) => {
      const given = params.get(name);
      const parsed = given === null ? undefined : part.safeParse(given);
      return parsed?.success && parsed.data !== undefined ? [[name, parsed.data]] : [];
    }),
  );
}

/** The shortest address that means the same; "" for the newest of all. */
export function auditSearch({ filter, place }: AuditAddress): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filter, ...place }))
    if (value !== undefined) params.set(name, String(value));
  const search = params.toString();
  return search ? `?${search}` : "";
}

export function isFiltered(filter: AuditFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

/** A moment as a field for local times shows it, in the reader's zone: "2026-03-01T09:30". */
export function toLocalField(at: string | undefined, timeZone: string): string {
  if (at === undefined) return "";
  return new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "short",
  })
    .format(new Date(at))
    .replace(" ", "T");
}

/** What such a field holds as a moment, read in the zone of the browser that it was typed in. */
export function fromLocalField(text: string): string | undefined {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** Actions under what they are about: "gate" with "gate.activated" and "gate.deactivated". */
export function byFamily(actions: readonly string[]): [family: string, actions: string[]][] {
  return [...Map.groupBy(actions, (action) => action.split(".")[0] ?? action)];
}
