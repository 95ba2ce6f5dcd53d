import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CONNECTOR_KINDS, connectorFor } from "@/lib/connectors/registry";

const ROOT = join(import.meta.dirname, "..", "..");
const FOLDERS = ["app", "components", "lib", "scripts"];

async function sources(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .filter((path) => !path.includes("/generated/"));
}

test("nothing but the registry, and a connector's own folder, knows a connector", async () => {
  const knowing: string[] = [];
  for (const path of (await Promise.all(FOLDERS.map(sources))).flat()) {
    const text = await readFile(join(ROOT, path), "utf8");
    for (const kind of CONNECTOR_KINDS)
      if (
        text.includes(`@/lib/connectors/${kind}`) &&
        !path.startsWith(`lib/connectors/${kind}/`) &&
        !path.endsWith(".test.ts")
      )
        knowing.push(path);
  }
  expect([...new Set(knowing)]).toEqual(["lib/connectors/registry.ts"]);
});

test.for(CONNECTOR_KINDS)(
  "%s has its three files, its page, and passes the common suite",
  async (kind) => {
    const folder = await readdir(join(ROOT, "lib", "connectors", kind));
    expect(folder).toEqual(expect.arrayContaining(["index.ts", "mapping.ts", "schema.ts"]));
    const page = await readFile(join(ROOT, "docs", "connectors", `${kind}.md`), "utf8");
    expect(page).toContain(`# ${connectorFor(kind).displayName}`);
    const suites = [...(await sources("lib")), ...(await sources("e2e"))].filter((path) =>
      path.endsWith("conformance.test.ts"),
    );
    const texts = await Promise.all(suites.map((path) => readFile(join(ROOT, path), "utf8")));
    expect(texts.some((text) => text.includes(`@/lib/connectors/${kind}"`))).toBe(true);
  },
);

test("a kind that this version does not know is refused", () => {
  expect(() => connectorFor("bugzilla")).toThrow('there is no connector "bugzilla"');
});
