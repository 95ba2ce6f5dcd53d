"use client";
import { useSyncExternalStore } from "react";
import { parseTheme, THEME_COOKIE, type Theme } from "@/components/shell/theme";

const YEAR_S = 365 * 24 * 60 * 60;
const listeners = new Set<() => void>();

/** Changes how the console looks, at once; remembered by this browser. */
export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not in every browser that people use here.
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${YEAR_S}; samesite=lax`;
  for (const listener of listeners) listener();
}

/** The theme that is chosen, wherever it is chosen. `initial` is what the server rendered. */
export function useTheme(initial: Theme): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => parseTheme(document.documentElement.dataset.theme),
    () => initial,
  );
}
