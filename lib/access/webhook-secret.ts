import { createHash, createHmac, timingSafeEqual } from "node:crypto";

// How an event proves that it comes from the instance: by a signature over its body, or, where an instance
// cannot sign (Jira 9), by a key in the address that it posts to.

/** What the key is called in an address. */
export const KEY_PARAMETER = "key";

/** The key in an address: made from the secret, which it does not tell. */
export function addressKey(secret: string): string {
  return createHmac("sha256", secret).update("exalate webhook address").digest("base64url");
}

/** The address with its key, for an instance that does not sign. */
export function withKey(address: string, secret: string): string {
  const url = new URL(address);
  url.searchParams.set(KEY_PARAMETER, addressKey(secret));
  return url.href;
}

/** An address as it may be shown and kept: without its key. */
export function withoutKey(address: string): string {
  const url = URL.parse(address);
  if (!url) return address;
  url.searchParams.delete(KEY_PARAMETER);
  return url.href;
}

/** Takes what proves an event out of a text that is kept or shown, wherever an instance repeats it. */
export function withoutSecrets(text: string, secret: string): string {
  return text.replaceAll(secret, "…").replaceAll(addressKey(secret), "…");
}

/** Tells whether a sealed secret is still the same one, without opening it. */
export function markOf(sealed: string): string {
  return createHash("sha256").update(sealed).digest("hex");
}

export type Proof = { signature: string | null; key: string | null };

/**
 * Why an event is not proven to come from the instance; null when it is. A signature that is there must be
 * right, whatever else is. Compared in constant time.
 */
export function doubtOf(body: Buffer, secret: string, { signature, key }: Proof): string | null {
  if (signature !== null) {
    const expected = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
    return isSame(signature, expected) ? null : "its signature is wrong";
  }
  if (key === null) return "it is not signed, and its address has no key";
  return isSame(key, addressKey(secret)) ? null : "the key in its address is wrong";
}

function isSame(given: string, expected: string): boolean {
  const bytes = Buffer.from(given);
  const right = Buffer.from(expected);
  return bytes.length === right.length && timingSafeEqual(bytes, right);
}
