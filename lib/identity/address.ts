import { z } from "zod";

/**
 * A web address in parts: `["https", "jira", "example", "com", ":8443", "/jira"]`. Copies are often made
 * by searching and replacing addresses in a dump; parts are not found by that, and people can still
 * read them.
 */
export const addressParts = z.array(z.string().min(1)).min(2);
export type AddressParts = z.infer<typeof addressParts>;

/** Throws `TypeError` for what is no address. Default ports and trailing slashes make no difference. */
export function toParts(address: string): AddressParts {
  const url = new URL(address);
  const labels = url.hostname.split(".").filter((label) => label !== "");
  const host = labels.length === 1 ? halves(labels[0] ?? url.hostname) : labels;
  const path = url.pathname.split("/").filter((part) => part !== "");
  return [
    url.protocol.slice(0, -1),
    ...host,
    ...(url.port === "" ? [] : [`:${url.port}`]),
    ...path.map((part) => `/${part}`),
  ];
}

/** A host without dots, such as `localhost` or `[::1]`, would still be found whole. No host holds a `|`. */
function halves(host: string): string[] {
  const middle = Math.ceil(host.length / 2);
  return host.length > 1 ? [host.slice(0, middle), `|${host.slice(middle)}`] : [host];
}

/** The address that `toParts` took apart. */
export function fromParts(parts: AddressParts): string {
  const [scheme, ...rest] = parts;
  const host = rest.filter((part) => !part.startsWith(":") && !part.startsWith("/"));
  const behind = rest.filter((part) => part.startsWith(":") || part.startsWith("/"));
  return `${scheme}://${host.join(".").replace(".|", "")}${behind.join("")}`;
}

/** Whether two addresses are known and the same, part by part. */
export function sameParts(a: AddressParts | null, b: AddressParts | null): boolean {
  return a !== null && b !== null && a.length === b.length && a.every((part, i) => part === b[i]);
}
