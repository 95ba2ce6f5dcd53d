import { setTimeout as pause } from "node:timers/promises";
import { mayDo } from "@/lib/access/permissions";
import { readSession } from "@/lib/access/session-store";
import { eventStream } from "@/lib/api/event-stream";
import { forViewer } from "@/lib/api/viewer-route";
import { type LiveNews, liveFeed, MOST_IDS } from "@/lib/data/live-feed";
import { type Viewer, viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";

export const dynamic = "force-dynamic";

const SESSION_CHECK_MS = 60_000;

/**
 * The stream that keeps open pages true, until the page is left, its session ends or the database goes away:
 * a page whose stream ends asks why, and says so.
 */
export const GET = forViewer(viewerFor, "gate:read", async (request, _params, viewer) =>
  eventStream<LiveNews>(
    {
      subscribe: (listener) => liveFeed().subscribe(listener),
      merge,
      ending: (signal) => Promise.race([sessionEnd(viewer, signal), liveFeed().lost(signal)]),
    },
    request.signal,
  ),
);

/** Resolves when the session has ended or lost its right, within a minute of it. */
async function sessionEnd({ sessionId }: Viewer, signal: AbortSignal): Promise<void> {
  for (;;) {
    await pause(SESSION_CHECK_MS, undefined, { signal });
    try {
      const session = await readSession(database(), sessionId);
      if (!session || !mayDo(session.role, "gate:read")) return;
    } catch {
      // The database is away, which ends the stream by itself.
    }
  }
}

function merge(earlier: LiveNews, later: LiveNews): LiveNews {
  const unite = (a: number[], b: number[]) => [...new Set([...b, ...a])].slice(0, MOST_IDS);
  return {
    gate: later.gate,
    changedIds: unite(earlier.changedIds, later.changedIds),
    goneIds: unite(earlier.goneIds, later.goneIds),
  };
}
