import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

const APP = join(import.meta.dirname, "../app");

/** What stands for the part of an address that varies, by what stands before it: `issues` or `api/pairs`. */
export type Ids = Record<string, string | number>;

/** The address of every page of the source tree; the pages of one thing only where its id is given. */
export function everyPage(ids: Ids = {}): string[] {
  return addressesOf("page.tsx", ids).map(({ address }) => address);
}

/** The address of every route outside /api/v1 that a page reads from. */
export function everyPageRead(ids: Ids): string[] {
  return addressesOf("route.ts", ids)
    .filter(({ address }) => !address.startsWith("/api/v1/") && address !== "/api/v1")
    .filter(({ file }) => /\bGET\b/.test(readFileSync(file, "utf8")))
    .map(({ address }) => address);
}

/** The pages and routes of one thing that `ids` has no id for, which the lists above leave out. */
export function leftOutBy(ids: Ids): string[] {
  return readdirSync(APP, { recursive: true, encoding: "utf8" })
    .map((name) => name.split(sep))
    .filter((steps) => steps.at(-1) === "page.tsx" || isRead(steps))
    .map((steps) => steps.slice(0, -1).filter((step) => !step.startsWith("(")))
    .filter((steps) =>
      steps.some((step, at) => step.startsWith("[") && !(steps.slice(0, at).join("/") in ids)),
    )
    .map((steps) => `/${steps.join("/")}`)
    .sort();
}

/** A route that a page reads from; the library's own below /api/auth is none. */
function isRead(steps: string[]): boolean {
  const address = steps.join("/");
  return (
    steps.at(-1) === "route.ts" &&
    !address.startsWith("api/v1/") &&
    !address.startsWith("api/auth/") &&
    /\bGET\b/.test(readFileSync(join(APP, address), "utf8"))
  );
}

function addressesOf(fileName: string, ids: Ids): { address: string; file: string }[] {
  return readdirSync(APP, { recursive: true, encoding: "utf8" })
    .filter((name) => name.split(sep).at(-1) === fileName)
    .flatMap((name) => {
      const steps = name.split(sep).slice(0, -1);
      const shown = steps.filter((step) => !step.startsWith("("));
      const filled = shown.map((step, index) =>
        step.startsWith("[") ? ids[shown.slice(0, index).join("/")] : step,
      );
      const address = `/${filled.join("/")}`;
      return filled.includes(undefined) ? [] : [{ address, file: join(APP, name) }];
    })
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}
