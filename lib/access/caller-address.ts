import { type AddressRanges, isInRanges } from "@/lib/connectors/address-guard";

/** As much of what a header says as is kept. */
const LONGEST = 64;

/**
 * The address that a request comes from. Whoever calls can write `X-Forwarded-For`, so it is read from its
 * end: the socket's own address, and what proxies of ours added, up to the first that is none of them.
 */
export function callerAddress(
  socketAddress: string,
  forwardedFor: string | undefined,
  proxies: AddressRanges,
): string {
  const way = [...(forwardedFor ?? "").split(",").map((address) => address.trim()), socketAddress];
  const caller = way.findLast((address, index) => index === 0 || !isInRanges(address, proxies));
  return (caller || socketAddress).slice(0, LONGEST);
}

/** The caller as the console's server names it to what answers: the last address of `X-Forwarded-For`. */
export function namedCaller(forwardedFor: string | null): string | null {
  return forwardedFor?.split(",").at(-1)?.trim().slice(0, LONGEST) || null;
}
