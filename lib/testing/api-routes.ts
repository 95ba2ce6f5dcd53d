import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import type { Handler } from "@/lib/api/serve";

const FOLDER = join(import.meta.dirname, "../../app/api/v1");
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** A route as Next finds it: its file's folder is its path, its export the method. */
export type Route = { file: string; path: string; method: string; handler: Handler };

/** Every route of the API but the one that answers what no other does. */
export async function findRoutes(): Promise<Route[]> {
  const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(`route.ts`) && !name.startsWith("[..."))
    .map((name) => name.split(sep).join("/"));
  const routes = await Promise.all(
    files.map(async (name) => {
      const module: Record<string, unknown> = await import(join(FOLDER, name));
      const path = `/${name.replace(/\/?route\.ts$/, "").replace(/\[(\w+)\]/g, "{$1}")}`;
      return Object.entries(module)
        .filter(([method]) => METHODS.includes(method))
        .map(([method, handler]) => ({
          file: `app/api/v1/${name}`,
          path,
          method,
          handler: handler as Handler,
        }));
    }),
  );
  return routes.flat();
}
