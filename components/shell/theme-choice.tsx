"use client";
import { THEMES, type Theme } from "@/components/shell/theme";
import { chooseTheme, useTheme } from "@/components/shell/theme-store";

export const THEME_WORDS: Record<Theme, string> = {
  system: "As the system",
  light: "Light",
  dark: "Dark",
};

/** Changes at once, and is remembered by this browser. */
export function ThemeChoice({ initial }: { initial: Theme }) {
  const theme = useTheme(initial);
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
            onChange={() => chooseTheme(option)}
          />
          {THEME_WORDS[option]}
        </label>
      ))}
    </fieldset>
  );
}
