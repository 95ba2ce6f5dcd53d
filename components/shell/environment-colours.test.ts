import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ENVIRONMENT_COLOURS } from "@/lib/settings/environment";

const css = readFileSync(join(import.meta.dirname, "../../app/globals.css"), "utf8");

type Oklch = [lightness: number, chroma: number, hue: number];

/** A token's colour in the light and in the dark theme. */
function token(name: string): [Oklch, Oklch] {
  const [, light, dark] =
    new RegExp(`--color-${name}: light-dark\\(oklch\\(([^)]+)\\), oklch\\(([^)]+)\\)\\)`).exec(
      css,
    ) ?? [];
  const parts = (text = "") => text.split(" ").map(Number) as Oklch;
  return [parts(light), parts(dark)];
}

/** Relative luminance (WCAG 2.2), by the matrices of CSS Color 4. */
function luminance([lightness, chroma, hue]: Oklch): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const inGamut = (value: number) => Math.min(1, Math.max(0, value));
  const red = inGamut(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = inGamut(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = inGamut(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Oklch, other: Oklch): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test("an environment's colour can be read on the page, and the word on it, in both themes", () => {
  const grounds = ["canvas", "surface", "on-ink"].map(token);
  const worst = ENVIRONMENT_COLOURS.flatMap((colour) =>
    [0, 1].map((theme) =>
      Math.min(
        ...grounds.map((ground) =>
          contrast(token(`env-${colour}`)[theme] as Oklch, ground[theme] as Oklch),
        ),
      ),
    ),
  );
  expect(Math.min(...worst)).toBeGreaterThan(4.5);
});

test("no environment's colour is near one that means a state", () => {
  const hue = (name: string) => token(name)[0][2];
  const states = ["closed-text", "error", "running-text", "fine"].map(hue);
  for (const colour of ENVIRONMENT_COLOURS)
    for (const state of states) {
      const apart = Math.abs(hue(`env-${colour}`) - state);
      expect(Math.min(apart, 360 - apart)).toBeGreaterThan(35);
    }
});
