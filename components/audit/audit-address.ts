import type { AuditFilter, AuditPlace } from "@/lib/audit/record";

/** What the page's address says: the filter, and the place within it. */
export type AuditAddress = { filter: AuditFilter; place: AuditPlace };

const LARGEST_ID = 2_147_483_647;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Reads an address; a part that it does not understand is as if it were not there. */
export function parseAuditAddress(params: URLSearchParams): AuditAddress {
  const part = <T>(name: string, read: (text: string) => T | undefined) => {
    const given = params.get(name);
    const value = given === null ? undefined : read(given);
    return value === undefined ? {} : { [name]: value };
  };
  return {
    filter: {
      ...part("actor", wordIn),
      ...part("action", wordIn),
      ...part("q", wordIn),
      ...part("from", momentIn),
      ...part("to", momentIn),
    },
    place: { ...part("before", idIn), ...part("after", idIn) },
  };
}

function wordIn(text: string): string | undefined {
  const word = text.trim();
  return word !== "" && word.length <= 200 ? word : undefined;
}

function momentIn(text: string): string | undefined {
  if (!MOMENT.test(text) || Number.isNaN(Date.parse(text))) return undefined;
  // The 30th of February is not the 2nd of March.
  const day = text.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day) ? text : undefined;
}

function idIn(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) && Number(text) > 0 && Number(text) <= LARGEST_ID
    ? Number(text)
    : undefined;
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
