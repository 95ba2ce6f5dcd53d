import { tell } from "@/components/shell/shell-events";
import type { Fence } from "@/lib/gate/gate";

/** `changed`: how many rows it was true for. `workersWoken`: whether a worker has answered already. */
export type ActionResult =
  | { ok: true; changed?: number; workersWoken?: boolean; undoId?: string }
  | { ok: false; message: string; asksPassword?: true };

/** How the gate is opened and closed. `scope`: the connections to open for; absent means all. */
export type GateActions = {
  activate: (input: { fence: Fence; reason?: string; scope?: number[] }) => Promise<ActionResult>;
  deactivate: (input: { reason?: string }) => Promise<ActionResult>;
};

/** The action's answer, or a sentence when the console did not answer at all. */
export async function answered(action: Promise<ActionResult>): Promise<ActionResult> {
  try {
    const result = await action;
    if (!result.ok) tell(result.asksPassword ? "asksPassword" : "refused");
    return result;
  } catch {
    return {
      ok: false,
      message:
        "The console did not answer, so it is not known whether this was done. Look at the state shown above and try again.",
    };
  }
}
