import "server-only";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { requirePermission } from "@/lib/data/viewer";
import { ERROR_CODES } from "@/lib/error-log/advice";

/** What we say about an error, from docs/errors; null for a code that there is no page for. */
export async function readErrorHelp(code: string): Promise<Root | null> {
  await requirePermission("gate:read");
  if (!ERROR_CODES.some((known) => known === code)) return null;
  const file = path.join(process.cwd(), "docs", "errors", `${code}.md`);
  return fromMarkdown(await readFile(file, "utf8"));
}
