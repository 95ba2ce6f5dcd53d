import type { Permission } from "@/lib/access/permissions";
import { json } from "@/lib/api/problem";
import { log } from "@/lib/log";
import { BadCursor } from "@/lib/sync-queue/cursor";

/** What a page of ours asks for: a session with this permission, then the answer. Reads only. */
export function forViewer(
  check: (permission: Permission) => Promise<object | Response>,
  permission: Permission,
  answer: (request: Request, params: Record<string, string>) => Promise<Response>,
) {
  return async (
    request: Request,
    context: { params: Promise<Record<string, string>> },
  ): Promise<Response> => {
    try {
      const viewer = await check(permission);
      return viewer instanceof Response ? viewer : await answer(request, await context.params);
    } catch (error) {
      if (error instanceof BadCursor) return json({ message: error.message }, 400);
      log.error("a page's question failed", {
        path: new URL(request.url).pathname,
        error: String(error),
      });
      return json({ message: "The database did not answer. It is asked again." }, 503);
    }
  };
}
