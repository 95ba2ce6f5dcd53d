import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Debian's own Python, whose packages another one on the path does not have. */
const PYTHON = "/usr/bin/python3";

/**
 * A Python that has Debian's python3-jira, which is installed where this process may. Throws with what a person
 * can do.
 */
export function findPythonJira(): string {
  if (hasJira()) return PYTHON;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const install = ["install", "-y", "--no-install-recommends", "python3-jira"];
    for (const args of [["update", "-qq"], install]) {
      const { status, stderr } = spawnSync("apt-get", args, { env, encoding: "utf8" });
      if (status !== 0) throw new Error(`python3-jira could not be installed: ${stderr.trim()}`);
    }
    if (hasJira()) return PYTHON;
  }
  throw new Error("python3-jira was not found: install Debian's package of that name");
}

function hasJira(): boolean {
  return spawnSync(PYTHON, ["-c", "import jira"]).status === 0;
}
