import type { Dispatcher } from "undici";
import { networkFor } from "@/lib/connectors/network";
import { env } from "@/lib/env";

let shared: Dispatcher | undefined;

/** The console's connections to instances, for the few reads that a person waits for. */
export function sharedNetwork(): Dispatcher {
  shared ??= networkFor(env());
  return shared;
}
