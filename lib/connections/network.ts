import type { Dispatcher } from "undici";
import { parseRanges } from "@/lib/connectors/address-guard";
import { openNetwork } from "@/lib/connectors/http";
import { env } from "@/lib/env";

let shared: Dispatcher | undefined;

/** The console's connections to instances, for the few reads that a person waits for. */
export function sharedNetwork(): Dispatcher {
  shared ??= openNetwork(parseRanges(env().ALLOWED_ADDRESSES));
  return shared;
}
