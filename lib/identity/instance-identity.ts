import { z } from "zod";
import {
  type AddressParts,
  addressParts,
  fromParts,
  sameParts,
  toParts,
} from "@/lib/identity/address";

/** What an instance was when it was confirmed: where we call it, what it calls itself, which application it is. */
export const confirmedSchema = z.object({
  address: addressParts,
  reported: addressParts,
  applicationId: z.string().nullable(),
});
export type Confirmed = z.infer<typeof confirmedSchema>;

export type InstanceCheck =
  /** As confirmed, or nothing to compare. */
  | { kind: "fine" }
  /** Never confirmed, and it calls itself what we call it: nobody has to be asked. */
  | { kind: "confirm"; confirmed: Confirmed }
  /** A person has to say that this is right. */
  | { kind: "ask"; message: string };

/**
 * Whether an instance is the one that was confirmed. An internal address in front of a public base URL
 * is normal, and is confirmed once; a fresh clone of a Jira still calls itself by the original's address.
 */
export function checkInstance(
  name: string,
  baseUrl: string,
  confirmed: Confirmed | null,
  seen: { reported: AddressParts; applicationId: string | null } | null,
): InstanceCheck {
  const address = toParts(baseUrl);
  if (confirmed && !sameParts(confirmed.address, address))
    return {
      kind: "ask",
      message: `${name} was confirmed at ${fromParts(confirmed.address)}, and its address is ${baseUrl} now: confirm on the Activation page that somebody meant that`,
    };
  if (!seen) return { kind: "fine" };
  const reported = fromParts(seen.reported);
  if (!confirmed)
    return sameParts(address, seen.reported)
      ? { kind: "confirm", confirmed: { address, ...seen } }
      : {
          kind: "ask",
          message: `${name} is called at ${baseUrl} and calls itself ${reported}. Behind a proxy that is normal, and in a fresh clone too: confirm on the Activation page that it is the instance you mean`,
        };
  if (!sameParts(confirmed.reported, seen.reported))
    return {
      kind: "ask",
      message: `${name} called itself ${fromParts(confirmed.reported)} when it was confirmed, and ${reported} now: another instance answers there, or its base URL was changed. Confirm it on the Activation page`,
    };
  if (
    confirmed.applicationId !== null &&
    seen.applicationId !== null &&
    confirmed.applicationId !== seen.applicationId
  )
    return {
      kind: "ask",
      message: `${name} is another application than the one that was confirmed (${seen.applicationId}, not ${confirmed.applicationId}): another instance answers there. Confirm it on the Activation page`,
    };
  return { kind: "fine" };
}
