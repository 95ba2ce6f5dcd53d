import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const LATER = /\bimport\("([^"]+)"\)/g;
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

/** What a module brings along, and what it fetches when it is asked for; types are gone by then. */
function broughtBy(source: string): { atOnce: string[]; later: string[] } {
  const atOnce = [...source.matchAll(IMPORT)]
    .filter(([, names = ""]) => !/^\{(\s*type [^,}]+,?)+\s*\}$/.test(names))
    .map(([, , from = ""]) => from.replace("@/", ""));
  const later = [...source.matchAll(LATER)].map(([, from = ""]) => from.replace("@/", ""));
  return { atOnce, later };
}

/** What browsers are sent for all pages together, with the way to it: with their first load, or ever. */
function sentToBrowsers(when: "at first" | "ever"): Map<string, string> {
  const sent = new Map<string, string>();
  const served = new Set<string>();
  const walk = (path: string, way: string, isSent: boolean) => {
    const source = MODULES.get(path);
    const runsThere = isSent || (source !== undefined && /^\s*"use client"/.test(source));
    if (sent.has(path) || (served.has(path) && !runsThere)) return;
    if (runsThere) sent.set(path, way);
    else served.add(path);
    // Of an action only its address is sent.
    if (source === undefined || /^\s*"use server"/.test(source)) return;
    const { atOnce, later } = broughtBy(source);
    for (const next of when === "ever" ? [...atOnce, ...later] : atOnce)
      walk(next, runsThere ? `${way} > ${next}` : next, runsThere);
  };
  for (const path of MODULES.keys()) if (path.startsWith("app/")) walk(path, path, false);
  return sent;
}

function waysTo(forbidden: RegExp, when: "at first" | "ever"): string[] {
  return [...sentToBrowsers(when)]
    .filter(([path]) => forbidden.test(path))
    .map(([, way]) => way)
    .sort();
}

test("browsers are sent no schema library, no database and no secret's module, however far the way", () => {
  const sent = sentToBrowsers("ever");
  expect(sent.size).toBeGreaterThan(100);
  expect(sent.get("react")).toBeDefined();
  // The schema library asks for eval, which the pages' policy forbids, and weighs more than most pages.
  // Signing in takes two requests and no library.
  expect(
    waysTo(
      /^(zod|next-auth.*|pg|server-only|node:.*|lib\/db\/.*|lib\/env|lib\/access\/seal)$/,
      "ever",
    ),
  ).toEqual([]);
});

test("what a page's first picture does without comes after it: messages, every dialog, the words of the glossary", () => {
  const heavy = /^(sonner|lib\/glossary|components\/.*(-dialog|\/open-palette))$/;
  expect(waysTo(heavy, "ever").length).toBeGreaterThan(10);
  expect(waysTo(heavy, "at first")).toEqual([]);
});
