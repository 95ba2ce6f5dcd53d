import { existsSync } from "node:fs";
import { installDebians } from "@/scripts/checks/debian";

const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * The browser for the end-to-end tests: the one that `CHROMIUM` names, one that is installed, or
 * Debian's, which is installed where this process may. Throws with what a person can do.
 */
export function findChromium(): string {
  const named = process.env.CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM names ${named}, which does not exist`);
  }
  const there = installed();
  if (there) return there;
  const made = installDebians(["chromium", "fonts-liberation"]) && installed();
  if (made) return made;
  throw new Error("no Chromium was found: install one, or name it in CHROMIUM");
}

function installed(): string | undefined {
  return USUAL_PLACES.find((path) => existsSync(path));
}
