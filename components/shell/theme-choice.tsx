"use client";
import { useState } from "react";
import { THEME_COOKIE, THEMES, type Theme } from "@/components/shell/theme";

const WORDS: Record<Theme, string> = { system: "As the system", light: "Light", dark: "Dark" };
const YEAR_S = 365 * 24 * 60 * 60;

/** Changes at once, and is remembered by this browser. */
export function ThemeChoice({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);

  function choose(next: Theme): void {
    setTheme(next);
    document.documentElement.dataset.theme = next;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not in every browser that people use here.
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=${YEAR_S}; samesite=lax`;
  }

  return (
    <fieldset className="flex flex-col">
      <legend className="px-2 pt-1 pb-1 text-small text-soft">Theme</legend>
      {THEMES.map((option) => (
        <label
          key={option}
          className="flex h-9 items-center gap-2 rounded-control px-2 hover:bg-hover"
        >
          <input
            type="radio"
            name="theme"
            value={option}
            checked={theme === option}
            onChange={() => choose(option)}
          />
          {WORDS[option]}
        </label>
      ))}
    </fieldset>
  );
}
