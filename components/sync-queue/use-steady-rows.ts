"use client";
import { type PointerEvent, useState } from "react";
import { type ShownRows, shownRows } from "@/components/sync-queue/shown-rows";

/**
 * Rows that stay put while somebody points at them or works in them with the keyboard. Otherwise the
 * newest reading shows at once. Put `watch` on the element around the rows.
 */
export function useSteadyRows<Row extends { id: number }>(
  pageKey: string,
  newest: Row[],
  isOlderPage: boolean,
) {
  const [isWatched, setIsWatched] = useState({ pointer: false, focus: false });
  const [shown, setShown] = useState({ pageKey, rows: newest });
  const mayMove = !(isWatched.pointer || isWatched.focus) || shown.pageKey !== pageKey;

  // Adjusted while rendering, so that no frame shows rows of another page.
  if (!isOlderPage && mayMove && (shown.rows !== newest || shown.pageKey !== pageKey)) {
    setShown({ pageKey, rows: newest });
  }

  const steady: ShownRows<Row> = isOlderPage
    ? shownRows(newest, newest)
    : shownRows(shown.rows, newest);
  return {
    ...steady,
    showAll: () => setShown({ pageKey, rows: newest }),
    watch: {
      onPointerEnter: (event: PointerEvent) =>
        event.pointerType === "mouse" && setIsWatched((now) => ({ ...now, pointer: true })),
      onPointerLeave: () => setIsWatched((now) => ({ ...now, pointer: false })),
      onFocus: () => setIsWatched((now) => ({ ...now, focus: true })),
      onBlur: () => setIsWatched((now) => ({ ...now, focus: false })),
    },
  };
}
