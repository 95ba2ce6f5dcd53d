import { Mark } from "@/components/ui/mark";
import type { EntryState } from "@/lib/sync-queue/row";

/** Since the page was read: `done` has left the queue, `gone` only this page of it, as far as we know. */
export type ShownState = EntryState | "done" | "gone";

/** Colour is spent on what needs a person; what is fine is quiet. */
const COLOURS: Record<ShownState, string> = {
  queued: "text-soft",
  running: "text-running-text",
  retrying: "text-closed-text",
  held: "text-ink",
  failed: "text-error-text",
  done: "text-fine",
  gone: "text-soft",
};

/** A state is always a mark, a word and a colour. */
export function StateMark({ state }: { state: ShownState }) {
  return (
    <span
      className={`inline-flex items-center gap-1.5 align-middle whitespace-nowrap ${COLOURS[state]}`}
    >
      <Mark name={state} />
      {state}
    </span>
  );
}
