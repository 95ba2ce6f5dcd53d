import { type KeyboardEvent, useLayoutEffect, useRef } from "react";

/** What was typed into the palette before it was there: kept by who opened it, written by its stand-in. */
export type EarlyKeys = { typed: string; isEntered: boolean };

export const PALETTE =
  "mt-[12dvh] w-[calc(100vw-1.5rem)] max-w-xl overflow-hidden rounded-panel border border-line bg-raised p-0 text-ink shadow-raised";
export const PALETTE_FIELD =
  "h-12 w-full border-b border-line bg-transparent px-4 text-large outline-none";

/** Stands in for the palette until its code has come, so that nothing that is typed meanwhile is lost. */
export function EarlyPalette({ early, onClose }: { early: EarlyKeys; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the browser can hand out another key.
  useLayoutEffect(() => dialog.current?.showModal(), []);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Enter" && !event.nativeEvent.isComposing) early.isEntered = true;
  }

  return (
    <dialog
      ref={dialog}
      aria-label="Search or go to"
      aria-busy="true"
      onClose={onClose}
      closedby="any"
      className={PALETTE}
    >
      <input
        type="text"
        aria-label="Search pages, actions, connections and issues"
        autoFocus
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        className={PALETTE_FIELD}
        defaultValue={early.typed}
        onChange={(event) => {
          early.typed = event.target.value;
          early.isEntered = false;
        }}
        onKeyDown={onKeyDown}
      />
      <p role="status" className="px-3 py-6 text-center text-soft">
        One moment…
      </p>
    </dialog>
  );
}
