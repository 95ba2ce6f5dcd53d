import { parentPort, workerData } from "node:worker_threads";
import type { Membership } from "@/lib/gate/start-store";
import { live } from "@/lib/worker/member";

// A thread of its own, so that a long computation of the worker does not look like its death.
const { url, membership } = workerData as { url: string; membership: Membership };
await live(url, membership, (report) => parentPort?.postMessage(report));
