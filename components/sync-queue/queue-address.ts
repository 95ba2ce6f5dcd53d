import { DIRECTIONS, ENTRY_STATES, QUEUE_SORTS, type QueueFilter } from "@/lib/sync-queue/row";

/** What the page's address says: the filter, and the page within it. */
export type QueueAddress = { filter: QueueFilter; cursor: string | null };

/** Reads an address; what it does not understand is as if it were not there. */
export function parseQueueAddress(params: URLSearchParams): QueueAddress {
  const connection = Number(params.get("connection"));
  const q = params.get("q")?.trim();
  return {
    filter: {
      connection: Number.isInteger(connection) && connection > 0 ? connection : undefined,
      state: oneOf(ENTRY_STATES, params.get("state")),
      direction: oneOf(DIRECTIONS, params.get("direction")),
      inherited: params.get("inherited") === "true" ? true : undefined,
      q: q ? q : undefined,
      sort: oneOf(QUEUE_SORTS, params.get("sort")) ?? "oldest",
    },
    cursor: params.get("cursor"),
  };
}

/** The shortest address that means the same; "" when everything is as usual. */
export function queueSearch({ filter, cursor }: QueueAddress): string {
  const params = new URLSearchParams();
  if (filter.connection) params.set("connection", String(filter.connection));
  if (filter.state) params.set("state", filter.state);
  if (filter.direction) params.set("direction", filter.direction);
  if (filter.inherited) params.set("inherited", "true");
  if (filter.q) params.set("q", filter.q);
  if (filter.sort !== "oldest") params.set("sort", filter.sort);
  if (cursor) params.set("cursor", cursor);
  const search = params.toString();
  return search ? `?${search}` : "";
}

export function isFiltered(filter: QueueFilter): boolean {
  return Boolean(
    filter.connection ?? filter.state ?? filter.direction ?? filter.inherited ?? filter.q,
  );
}

function oneOf<T extends string>(words: readonly T[], value: string | null): T | undefined {
  return words.find((word) => word === value);
}
