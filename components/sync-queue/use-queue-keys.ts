"use client";
import { useEffect, useEffectEvent } from "react";
import { isTyping } from "@/components/ui/typing";

export type QueueKeys = {
  select: (entryId: number) => void;
  clear: () => void;
};

/** A list by keyboard: `j` and `k` move between rows, `x` selects. Enter is the link's own. */
export function useQueueKeys(keys: QueueKeys): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") keys.clear();
    else if (event.key === "j") focusRow(1);
    else if (event.key === "k") focusRow(-1);
    else if (event.key === "x") {
      const id = Number(focusedRow()?.dataset.entry);
      if (!id) return;
      keys.select(id);
    } else return;
    event.preventDefault();
  });

  // The keys belong to the page, wherever the focus is.
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);
}

function allRows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("tr[data-entry]")];
}

function focusedRow(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>("tr[data-entry]") ?? null;
}

function focusRow(step: 1 | -1): void {
  const rows = allRows();
  const focused = focusedRow();
  const next = focused ? rows[rows.indexOf(focused) + step] : rows[0];
  next?.querySelector("a")?.focus();
}
