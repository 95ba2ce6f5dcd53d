import type { Permission } from "@/lib/access/permissions";
import { problem } from "@/lib/api/problem";
import { log } from "@/lib/log";
import { BadCursor } from "@/lib/sync-queue/cursor";

type Params = Record<string, string>;

/** What a page of ours asks for: a session with this permission, then the answer. Reads only. */
export function forViewer<Viewer extends object>(
  check: (permission: Permission) => Promise<Viewer | Response>,
  permission: Permission,
  answer: (request: Request, params: Params, viewer: Viewer) => Promise<Response>,
) {
  return async (request: Request, context: { params: Promise<Params> }): Promise<Response> => {
    try {
      const viewer = await check(permission);
      if (viewer instanceof Response) return viewer;
      return await answer(request, await context.params, viewer);
    } catch (error) {
      if (error instanceof BadCursor) return problem(400, error.message);
      log.error("a page's question failed", {
        path: new URL(request.url).pathname,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      return problem(503, "The console could not read this. It is asked again.");
    }
  };
}
