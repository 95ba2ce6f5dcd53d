import { mayDo } from "@/lib/access/permissions";
import { readSession } from "@/lib/access/session-store";
import { type LiveNews, liveFeed } from "@/lib/data/live-feed";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";

export const dynamic = "force-dynamic";

const NO_OFTENER_MS = 1_000;
const HEARTBEAT_MS = 15_000;
const SESSION_CHECK_MS = 60_000;

/** The stream that keeps open pages true: at most one event a second, and the end when the session ends. */
export async function GET(request: Request): Promise<Response> {
  const viewer = await viewerFor("gate:read");
  if (viewer instanceof Response) return viewer;
  const encoder = new TextEncoder();
  let close = () => {};

  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      let id = 0;
      let held: LiveNews | undefined;
      let timer: NodeJS.Timeout | undefined;
      let sentAt = Number.NEGATIVE_INFINITY;
      const write = (text: string) => controller.enqueue(encoder.encode(text));
      const flush = () => {
        timer = undefined;
        if (!held) return;
        sentAt = performance.now();
        write(`id: ${++id}\ndata: ${JSON.stringify(held)}\n\n`);
        held = undefined;
      };
      const unsubscribe = liveFeed().subscribe((news) => {
        held = merged(held, news);
        timer ??= setTimeout(flush, Math.max(0, NO_OFTENER_MS - (performance.now() - sentAt)));
      });
      const heartbeat = setInterval(() => write(": still here\n\n"), HEARTBEAT_MS);
      const check = setInterval(() => {
        readSession(database(), viewer.sessionId).then(
          (session) => {
            if (!session || !mayDo(session.role, "gate:read")) close();
          },
          // The database is away: the stream stays, and says nothing new meanwhile.
          () => undefined,
        );
      }, SESSION_CHECK_MS);
      close = () => {
        close = () => {};
        unsubscribe();
        clearTimeout(timer);
        clearInterval(heartbeat);
        clearInterval(check);
        controller.close();
      };
      request.signal.addEventListener("abort", () => close());
    },
    cancel: () => close(),
  });
  return new Response(stream, {
    headers: {
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-store, no-transform",
      "X-Accel-Buffering": "no",
    },
  });
}

function merged(held: LiveNews | undefined, news: LiveNews): LiveNews {
  if (!held) return news;
  const unite = (a: number[], b: number[]) => [...new Set([...a, ...b])].slice(0, 100);
  return {
    gate: news.gate,
    changedIds: unite(held.changedIds, news.changedIds),
    goneIds: unite(held.goneIds, news.goneIds),
  };
}
