import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

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
  return installed() ?? installDebians();
}

function installed(): string | undefined {
  return USUAL_PLACES.find((path) => existsSync(path));
}

function installDebians(): string {
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.info("Installing Debian's chromium…");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const install = ["install", "-y", "--no-install-recommends", "chromium", "fonts-liberation"];
    for (const args of [["update", "-qq"], install]) {
      const { status, stderr } = spawnSync("apt-get", args, { env, encoding: "utf8" });
      if (status !== 0) throw new Error(`chromium could not be installed: ${stderr.trim()}`);
    }
    const path = installed();
    if (path) return path;
  }
  throw new Error("no Chromium was found: install one, or name it in CHROMIUM");
}
