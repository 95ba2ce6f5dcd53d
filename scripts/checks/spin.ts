import { spawnSync } from "node:child_process";

const COMPILER = "gcc";

/** Makes sure that SPIN and a C compiler are there; installs Debian's where this process may. Throws with what a person can do. */
export function requireSpin(): void {
  if (isThere("spin", "-V") && isThere(COMPILER, "--version") && canCompile()) return;
  if (process.getuid?.() === 0 && isThere("apt-get", "--version")) {
    console.info("Installing Debian's spin and gcc…");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const install = ["install", "-y", "--no-install-recommends", "spin", "gcc", "libc6-dev"];
    for (const args of [["update", "-qq"], install]) {
      const { status, stderr } = spawnSync("apt-get", args, { env, encoding: "utf8" });
      if (status !== 0) throw new Error(`spin could not be installed: ${stderr.trim()}`);
    }
    if (isThere("spin", "-V") && canCompile()) return;
  }
  throw new Error(
    "the model needs SPIN and a C compiler: install spin and gcc (Debian: apt-get install spin gcc libc6-dev)",
  );
}

function isThere(program: string, question: string): boolean {
  return spawnSync(program, [question], { stdio: "ignore" }).status === 0;
}

/** A compiler without the headers of the C library is of no use. */
function canCompile(): boolean {
  const input = "#include <stdio.h>\nint main(void) { return 0; }\n";
  return spawnSync(COMPILER, ["-xc", "-fsyntax-only", "-"], { input, stdio: "pipe" }).status === 0;
}
