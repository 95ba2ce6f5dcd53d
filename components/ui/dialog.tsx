"use client";
import { type ReactNode, type RefObject, useEffect, useId } from "react";

/**
 * The browser's own modal dialog: it traps the focus, closes on Escape and gives the focus back.
 * Rendered while it is open, so that each opening starts afresh; `ref.current.close()` closes it.
 */
export function Dialog({
  ref,
  title,
  children,
  onClose,
  width = "max-w-xl",
}: {
  ref: RefObject<HTMLDialogElement | null>;
  title: string;
  children: ReactNode;
  /** Comes after the focus has gone back; the parent takes the dialog away. */
  onClose: () => void;
  width?: string;
}) {
  const titleId = useId();
  // Only the call makes it modal; there is no attribute for that.
  useEffect(() => ref.current?.showModal(), [ref]);
  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onClose={onClose}
      className={`w-[calc(100vw-1.5rem)] ${width} max-h-[calc(100dvh-1.5rem)] overflow-y-auto overscroll-contain rounded-panel border border-line bg-raised p-0 text-ink shadow-raised`}
    >
      <h2 id={titleId} className="px-5 pt-5 text-large font-semibold">
        {title}
      </h2>
      {children}
    </dialog>
  );
}

/** The row of buttons at the foot of a dialog; the one that acts comes last. */
export function DialogButtons({ children }: { children: ReactNode }) {
  return (
    <div className="sticky bottom-0 flex flex-col-reverse gap-2 border-t border-line bg-raised px-5 py-3 sm:flex-row sm:justify-end">
      {children}
    </div>
  );
}
