import type { ActionResult } from "@/components/gate/gate-actions";
import type { Choice } from "@/lib/sync/plan-types";

type PairInput = { id: number; reason?: string };

/** What a person may ask for a pair; each is a server action. Null: this person may not. */
export type PairActions = {
  sync: ((input: PairInput) => Promise<ActionResult>) | null;
  stop: ((input: PairInput) => Promise<ActionResult>) | null;
  start: ((input: PairInput) => Promise<ActionResult>) | null;
  decide:
    | ((input: PairInput & { choices: (Choice & { field: string })[] }) => Promise<ActionResult>)
    | null;
  undecide: ((input: PairInput) => Promise<ActionResult>) | null;
};
