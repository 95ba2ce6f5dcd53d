import { spawnSync } from "node:child_process";
import { installDebians } from "@/scripts/checks/debian";

const COMPILER = "gcc";

/** Makes sure that SPIN and a C compiler are there; installs Debian's where this process may. Throws with what a person can do. */
export function requireSpin(): void {
  if (isThere("spin", "-V") && isThere(COMPILER, "--version") && canCompile()) return;
  if (installDebians(["spin", "gcc", "libc6-dev"]) && isThere("spin", "-V") && canCompile()) return;
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
