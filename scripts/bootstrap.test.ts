import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test as base, describe, expect } from "vitest";

const BOOTSTRAP = join(import.meta.dirname, "bootstrap.mjs");

/** A checkout with programs in place of npm's, which only note that they were called. */
class Checkout {
  readonly root = mkdtempSync(join(tmpdir(), "exalate-bootstrap-"));
  readonly #noted = join(this.root, "noted");

  constructor() {
    mkdirSync(join(this.root, "scripts"));
    cpSync(BOOTSTRAP, join(this.root, "scripts", "bootstrap.mjs"));
    this.write("package-lock.json", lock("1.0.0"));
    this.write("prisma/schema.prisma", "model Node {}");
    this.write("app/page.tsx", "export default null");
    this.#program(
      "bin/npm",
      `mkdir -p node_modules/.bin lib/db/generated .next
       cp package-lock.json node_modules/.package-lock.json
       cp bin/tool node_modules/.bin/prisma
       cp bin/tool node_modules/.bin/next
       cp bin/tool node_modules/.bin/checker
       ln -s ${process.execPath} node_modules/.bin/node`,
    );
    this.#program("bin/tool", "exit $FAIL");
  }

  /** What was run, in order, and how it ended. */
  run(args: string[], env: Record<string, string> = {}) {
    writeFileSync(this.#noted, "");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["scripts/bootstrap.mjs", ...args],
      {
        cwd: this.root,
        env: {
          ...process.env,
          PATH: `${join(this.root, "bin")}:/usr/bin:/bin`,
          FAIL: "0",
          ...env,
        },
        encoding: "utf8",
      },
    );
    const ran = readFileSync(this.#noted, "utf8").trim().split("\n").filter(Boolean);
    return { ran, status, stdout, stderr };
  }

  write(path: string, text: string) {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  remove() {
    rmSync(this.root, { recursive: true, force: true });
  }

  #program(path: string, script: string) {
    this.write(path, `#!/bin/sh\necho "$(basename $0) $*" >> ${this.#noted}\n${script}\n`);
    chmodSync(join(this.root, path), 0o755);
  }
}

function lock(version: string): string {
  return JSON.stringify({ packages: { "": {}, "node_modules/left-pad": { version } } });
}

const test = base.extend<{ checkout: Checkout }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  checkout: async ({}, use) => {
    const checkout = new Checkout();
    await use(checkout);
    checkout.remove();
  },
});

describe("a command in a fresh clone", () => {
  test("installs, generates and builds, then runs", ({ checkout }) => {
    expect(checkout.run(["--build", "checker", "--fast"]).ran).toEqual([
      "npm ci --include=dev --no-audit --no-fund",
      "prisma generate",
      "next build",
      "checker --fast",
    ]);
  });

  test("does none of it a second time", ({ checkout }) => {
    checkout.run(["--build", "checker"]);
    expect(checkout.run(["--build", "checker"]).ran).toEqual(["checker"]);
  });

  test("builds only for a command that needs it", ({ checkout }) => {
    expect(checkout.run(["checker"]).ran).not.toContain("next build");
  });

  test("builds again when a page has changed, not when a test has", ({ checkout }) => {
    checkout.run(["--build"]);
    checkout.write("app/page.test.tsx", "test('', () => {})");
    expect(checkout.run(["--build"]).ran).toEqual([]);
    checkout.write("app/page.tsx", "export default 1");
    expect(checkout.run(["--build"]).ran).toEqual(["next build"]);
  });

  test("writes the types again when a page has come or gone", ({ checkout }) => {
    checkout.run([]);
    checkout.write("next-env.d.ts", "");
    expect(checkout.run(["--types"]).ran).toEqual(["next typegen"]);
    expect(checkout.run(["--types"]).ran).toEqual([]);
    checkout.write("app/other/page.tsx", "export default null");
    expect(checkout.run(["--types"]).ran).toEqual(["next typegen"]);
  });

  test("installs again when the lock file has changed", ({ checkout }) => {
    checkout.run([]);
    checkout.write("package-lock.json", lock("2.0.0"));
    expect(checkout.run([]).ran[0]).toMatch(/^npm ci/);
  });

  test("leaves alone what a person has installed by hand, if it is what the lock file says", ({
    checkout,
  }) => {
    checkout.run([]);
    rmSync(join(checkout.root, "node_modules", ".installed-lock"));
    expect(checkout.run([]).ran).toEqual([]);
  });

  test("a build that failed is shown, and tried again the next time", ({ checkout }) => {
    checkout.run([]);
    const failed = checkout.run(["--build", "checker"], { FAIL: "3" });
    expect(failed.status).toBe(3);
    expect(failed.stderr).toContain("✗ Building the console");
    expect(failed.ran).toEqual(["next build"]);
    expect(checkout.run(["--build"]).ran).toEqual(["next build"]);
  });

  test("ends as the command ended", ({ checkout }) => {
    checkout.run([]);
    expect(checkout.run(["checker"], { FAIL: "7" }).status).toBe(7);
  });
});
