type Timers = { notMoreOftenMs: number; heartbeatMs: number };

export type EventStreamSource<News> = {
  /** Begins to hand over news; returns the function that ends it. */
  subscribe: (listener: (news: News) => void) => () => void;
  /** Two pieces of news that could not be sent one by one. */
  merge: (earlier: News, later: News) => News;
  /** Resolves when the stream has to end; given up with the signal. */
  ending: (signal: AbortSignal) => Promise<void>;
};

const USUAL: Timers = { notMoreOftenMs: 1_000, heartbeatMs: 15_000 };

/**
 * News as server-sent events: the first at once, then at most one a second, merged when more come or
 * when the reader is slow. A comment now and then keeps proxies from closing what is silent.
 */
export function eventStream<News>(
  source: EventStreamSource<News>,
  left: AbortSignal,
  timers: Timers = USUAL,
): Response {
  const encoder = new TextEncoder();
  const over = new AbortController();
  const close = () => over.abort();

  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      let id = 0;
      let held: { news: News } | undefined;
      let timer: NodeJS.Timeout | undefined;
      let sentAt = Number.NEGATIVE_INFINITY;
      const isReading = () => (controller.desiredSize ?? 0) > 0;

      function flush(): void {
        timer = undefined;
        if (!held) return;
        sentAt = performance.now();
        if (!isReading()) {
          flushLater();
          return;
        }
        controller.enqueue(encoder.encode(`id: ${++id}\ndata: ${JSON.stringify(held.news)}\n\n`));
        held = undefined;
      }
      function flushLater(): void {
        const waitMs = timers.notMoreOftenMs - (performance.now() - sentAt);
        timer ??= setTimeout(flush, Math.max(0, waitMs));
      }

      const unsubscribe = source.subscribe((news) => {
        held = { news: held ? source.merge(held.news, news) : news };
        flushLater();
      });
      const heartbeat = setInterval(() => {
        if (isReading()) controller.enqueue(encoder.encode(": still here\n\n"));
      }, timers.heartbeatMs);

      over.signal.addEventListener("abort", () => {
        unsubscribe();
        clearTimeout(timer);
        clearInterval(heartbeat);
        try {
          controller.close();
        } catch {
          // The reader has gone and closed it.
        }
      });
      left.addEventListener("abort", close);
      if (left.aborted) close();
      source.ending(over.signal).then(close, close);
    },
    cancel: close,
  });
  return new Response(stream, {
    headers: {
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-store, no-transform",
      "X-Accel-Buffering": "no",
    },
  });
}
