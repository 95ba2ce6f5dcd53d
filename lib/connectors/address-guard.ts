import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Address ranges as an administrator names them. */
export type AddressRanges = ReturnType<typeof ipaddr.parseCIDR>[];

/** Parses "10.0.0.0/8, ::1/128"; throws a readable message, which names the setting, for anything else. */
export function parseRanges(text: string, setting = "ALLOWED_ADDRESSES"): AddressRanges {
  return text
    .split(",")
    .map((range) => range.trim())
    .filter(Boolean)
    .map((range) => {
      if (!ipaddr.isValidCIDR(range))
        throw new Error(`${setting}: "${range}" is not a range such as 10.0.0.0/8`);
      return ipaddr.parseCIDR(range);
    });
}

/**
 * Whether we may connect to an address. Public addresses: yes. Private, loopback and other special
 * ones: only when a range allows them. Link-local ones, where clouds keep their metadata: never.
 */
export function isAllowedAddress(address: string, allowed: AddressRanges): boolean {
  if (isIP(address) === 0) return false;
  const range = ipaddr.process(address).range();
  if (range === "linkLocal") return false;
  return range === "unicast" || isInRanges(address, allowed);
}

/** Whether an address lies in one of the ranges. "::ffff:127.0.0.1" is judged as the address that it is. */
export function isInRanges(address: string, ranges: AddressRanges): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.process(address);
  return ranges.some((cidr) => parsed.kind() === cidr[0].kind() && parsed.match(cidr));
}
