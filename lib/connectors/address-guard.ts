import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Address ranges that an administrator allows beside the public ones. */
export type AllowedRanges = ReturnType<typeof ipaddr.parseCIDR>[];

/** Parses "10.0.0.0/8, ::1/128"; throws a readable message for anything else. */
export function parseRanges(text: string): AllowedRanges {
  return text
    .split(",")
    .map((range) => range.trim())
    .filter(Boolean)
    .map((range) => {
      if (!ipaddr.isValidCIDR(range))
        throw new Error(`ALLOWED_ADDRESSES: "${range}" is not a range such as 10.0.0.0/8`);
      return ipaddr.parseCIDR(range);
    });
}

/**
 * Whether we may connect to an address. Public addresses: yes. Private, loopback and other special
 * ones: only when a range allows them. Link-local ones, where clouds keep their metadata: never.
 */
export function isAllowedAddress(address: string, allowed: AllowedRanges): boolean {
  if (isIP(address) === 0) return false;
  // "::ffff:127.0.0.1" is judged as the address that it is.
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range === "linkLocal") return false;
  if (range === "unicast") return true;
  return allowed.some((cidr) => parsed.kind() === cidr[0].kind() && parsed.match(cidr));
}
