import type { ActionResult } from "@/components/gate/gate-actions";

/** What a person may do about errors; each is a server action. Null: this person may not. */
export type ErrorActions = {
  retryGroup: ((input: { code: string; cause: string }) => Promise<ActionResult>) | null;
  retryAll: ((input: object) => Promise<ActionResult>) | null;
  retryEntries: ((input: { ids: number[] }) => Promise<ActionResult>) | null;
  retryConnection: ((input: { id: number }) => Promise<ActionResult>) | null;
};
