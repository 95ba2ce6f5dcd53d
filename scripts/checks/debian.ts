import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * Installs packages of Debian where this process may: as root, with `apt-get`. `false` where it may not.
 * Throws what apt-get said when it did not work.
 */
export function installDebians(packages: string[]): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  console.info(`Installing Debian's ${packages.join(", ")}…`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "--no-install-recommends", ...packages];
  for (const args of [["update", "-qq"], install]) {
    const { status, stderr } = spawnSync("apt-get", args, { env, encoding: "utf8" });
    if (status !== 0)
      throw new Error(`${packages.join(", ")} could not be installed: ${stderr.trim()}`);
  }
  return true;
}
