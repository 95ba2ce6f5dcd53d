import { SPAN_NAMES, type Span } from "@/lib/activity/activity";

/** What the page's address says: how far back, of which connection, and where the list of activations begins. */
export type ActivityAddress = {
  span: Span;
  connection: number | undefined;
  before: number | undefined;
};

/** Reads an address; what it does not understand is as if it were not there. */
export function parseActivityAddress(params: URLSearchParams): ActivityAddress {
  return {
    span: SPAN_NAMES.find((span) => span === params.get("span")) ?? "24h",
    connection: wholeNumber(params.get("connection")),
    before: wholeNumber(params.get("before")),
  };
}

/** The shortest address that means the same. */
export function activitySearch({ span, connection, before }: ActivityAddress): string {
  const params = new URLSearchParams();
  if (span !== "24h") params.set("span", span);
  if (connection) params.set("connection", String(connection));
  if (before) params.set("before", String(before));
  const search = params.toString();
  return search ? `?${search}` : "";
}

function wholeNumber(text: string | null): number | undefined {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 && number < 2 ** 31 ? number : undefined;
}
