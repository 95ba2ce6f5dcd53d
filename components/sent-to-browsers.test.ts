import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const IMPORT = /^(?:import|export)\s+(?!type\s)([^;]*?)\s*from\s+"([^"]+)"/gm;

/** The modules of ours, by path without extension. */
const MODULES = new Map(
  ["app", "components", "lib"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /(?<!\.test|\.d)\.tsx?$/.test(name))
      .map((name) => {
        const path = `${folder}/${name.replaceAll("\\", "/")}`;
        return [path.replace(/\.tsx?$/, ""), readFileSync(join(ROOT, path), "utf8")] as const;
      }),
  ),
);

/** What a module brings along; types are gone by then. */
function broughtBy(source: string): string[] {
  return [...source.matchAll(IMPORT)]
    .filter(([, names = ""]) => !/^\{(\s*type [^,}]+,?)+\s*\}$/.test(names))
    .map(([, , from = ""]) => from.replace("@/", ""));
}

/** Everything that a browser is sent for the components that run there, with the way to it. */
function sentToBrowsers(): Map<string, string> {
  const sent = new Map<string, string>();
  const walk = (path: string, way: string) => {
    if (sent.has(path)) return;
    sent.set(path, way);
    const source = MODULES.get(path);
    // Of an action only its address is sent.
    if (source === undefined || /^\s*"use server"/.test(source)) return;
    for (const next of broughtBy(source)) walk(next, `${way} > ${next}`);
  };
  for (const [path, source] of MODULES) if (/^\s*"use client"/.test(source)) walk(path, path);
  return sent;
}

test("browsers are sent no schema library, no database and no secret's module, however far the way", () => {
  const sent = sentToBrowsers();
  expect(sent.size).toBeGreaterThan(100);
  expect(sent.get("react")).toBeDefined();
  // The schema library asks for eval, which the pages' policy forbids, and weighs more than most pages. What
  // shows short answers is fetched once a page stands; signing in takes two requests and no library.
  const forbidden =
    /^(zod|sonner|next-auth.*|pg|server-only|node:.*|lib\/db\/.*|lib\/env|lib\/access\/seal)$/;
  const ways = [...sent].filter(([path]) => forbidden.test(path)).map(([, way]) => way);
  expect(ways).toEqual([]);
});
