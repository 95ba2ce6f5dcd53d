import { type PairFilter, STANDINGS } from "@/lib/pairs/pair";

/** What the address of the Issues page says: the filter, and the page within it. */
export type IssuesAddress = { filter: PairFilter; cursor: string | null };

/** Reads an address; what it does not understand is as if it were not there. */
export function parseIssuesAddress(params: URLSearchParams): IssuesAddress {
  const connection = Number(params.get("connection"));
  const q = params.get("q")?.trim().slice(0, 200);
  return {
    filter: {
      connection: Number.isInteger(connection) && connection > 0 ? connection : undefined,
      standing: STANDINGS.find((standing) => standing === params.get("standing")),
      q: q ? q : undefined,
    },
    cursor: params.get("cursor"),
  };
}

/** The shortest address that means the same; "" when everything is as usual. */
export function issuesSearch({ filter, cursor }: IssuesAddress): string {
  const params = new URLSearchParams();
  if (filter.connection) params.set("connection", String(filter.connection));
  if (filter.standing) params.set("standing", filter.standing);
  if (filter.q) params.set("q", filter.q);
  if (cursor) params.set("cursor", cursor);
  const search = params.toString();
  return search ? `?${search}` : "";
}

export function isNarrowed({ connection, standing, q }: PairFilter): boolean {
  return Boolean(connection ?? standing ?? q);
}
