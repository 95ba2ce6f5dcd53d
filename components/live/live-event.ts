import type { GateStatus } from "@/lib/gate/status";

/** What `/api/live` sends: the gate as it is, and which entries changed or left. Never rows. */
export type LiveEvent = { gate: GateStatus; changedIds: number[]; goneIds: number[] };

/** `signed_out`: the console answers, and says that this session has ended. */
export type LiveState = "connecting" | "live" | "lost" | "signed_out";
