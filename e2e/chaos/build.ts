import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, relative, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");

/** A change to one source file: each pattern must be found, or the build fails. */
export type Patch = { file: string; from: RegExp; to: string };

/**
 * The worker's waits, shortened alike, so that a sequence takes seconds. What has to be longer than
 * what stays so: a permit's life is longer than the time after which a silent worker is rescued from.
 */
const SHORTENED: Patch[] = [
  constant("lib/connectors/http.ts", "PERMIT_FRESH_MS", 450),
  constant("lib/worker/work.ts", "SILENT_MS", 1_100),
  constant("lib/worker/work.ts", "RESCUE_EVERY_MS", 300),
  constant("lib/worker/work.ts", "TICK_MS", 120),
  constant("lib/worker/member.ts", "BEAT_MS", 300),
  constant("lib/worker/contexts.ts", "KEEP_MS", 500),
  constant("lib/sync/retry-policy.ts", "FIRST_DELAY_MS", 400),
  constant("lib/connections/watermark-store.ts", "LENT_MS", 1_500),
  constant("lib/worker/keep-high-water.ts", "EVERY_MS", 500),
  constant("lib/connections/error-store.ts", "FIRST_RETRY_MS", 300),
];

function constant(file: string, name: string, value: number): Patch {
  return {
    file,
    from: new RegExp(`const ${name} = [\\d_]+;`),
    to: `const ${name} = ${value};`,
  };
}

/** What is used of esbuild, which comes with tsx. */
type Esbuild = {
  build(options: Record<string, unknown>): Promise<{ errors: unknown[] }>;
};
type Loaded = { path: string };

/**
 * Bundles the real worker (lib/worker/main.ts and its thread) into `folder`, so that a process starts
 * in a tenth of a second. `patches` take a protection out, to see whether the chaos notices.
 */
export async function buildWorker(folder: string, patches: Patch[]): Promise<string> {
  const fromTsx = createRequire(createRequire(import.meta.url).resolve("tsx/package.json"));
  const { build } = fromTsx("esbuild") as Esbuild;
  await mkdir(folder, { recursive: true });
  const unused = new Set([...SHORTENED, ...patches]);
  const patching = {
    name: "patch",
    setup(on: {
      onLoad(filter: { filter: RegExp }, load: (given: Loaded) => Promise<unknown>): void;
    }) {
      on.onLoad({ filter: /\/(lib|prisma)\/.*\.ts$/ }, async ({ path }) => {
        const file = relative(ROOT, path);
        let contents = await readFile(path, "utf8");
        for (const patch of [...SHORTENED, ...patches]) {
          if (patch.file !== file) continue;
          const patched = contents.replace(patch.from, patch.to);
          if (patched !== contents) unused.delete(patch);
          contents = patched;
        }
        return {
          contents: contents.replace('"./member-thread.ts"', '"./thread.js"'),
          loader: "ts",
        };
      });
    },
  };
  await build({
    absWorkingDir: ROOT,
    entryPoints: { worker: "lib/worker/main.ts", thread: "lib/worker/member-thread.ts" },
    outdir: folder,
    alias: { "@": ROOT },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node24",
    external: ["pg-native"],
    banner: {
      js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);",
    },
    plugins: [patching],
    logLevel: "error",
  });
  if (unused.size > 0)
    throw new Error(
      `the worker has changed: nothing to patch for ${[...unused].map(({ file, from }) => `${file} ${from}`).join("; ")}`,
    );
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  // Beside the program, as in the checkout: a worker looks which migrations it knows.
  await symlink(join(ROOT, "prisma", "migrations"), join(folder, "migrations"));
  return join(folder, "worker.js");
}
