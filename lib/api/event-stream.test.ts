import { describe, expect, test } from "vitest";
import { eventStream } from "@/lib/api/event-stream";

const QUICK = { notMoreOftenMs: 60, heartbeatMs: 60_000 };

/** A source that a test speaks through, and that tells whether anybody still listens. */
function source() {
  let tell: ((news: number[]) => void) | undefined;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    tell: (news: number[]) => tell?.(news),
    end,
    isHeard: () => tell !== undefined,
    subscribe(listener: (news: number[]) => void) {
      tell = listener;
      return () => {
        tell = undefined;
      };
    },
    merge: (earlier: number[], later: number[]) => [...earlier, ...later],
    ending: () => ended,
  };
}

function readerOf(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error("the answer has no body");
  return reader;
}

describe("a stream of events", () => {
  test("tells the first news at once, and merges what comes faster than it may tell", async () => {
    const news = source();
    const response = eventStream(news, new AbortController().signal, QUICK);
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    const reader = readerOf(response);
    news.tell([1]);
    expect((await reader.read()).value).toBe("id: 1\ndata: [1]\n\n");
    const toldAt = performance.now();
    news.tell([2]);
    news.tell([3]);
    expect((await reader.read()).value).toBe("id: 2\ndata: [2,3]\n\n");
    expect(performance.now() - toldAt).toBeGreaterThan(QUICK.notMoreOftenMs / 2);
    await reader.cancel();
  });

  test("keeps one event for a reader who does not read, however much happens", async () => {
    const news = source();
    const reader = readerOf(eventStream(news, new AbortController().signal, QUICK));
    for (let number = 0; number < 6; number++) {
      news.tell([number]);
      await new Promise((later) => setTimeout(later, QUICK.notMoreOftenMs + 10));
    }
    const told: number[] = [];
    while (told.length < 6) {
      const data = (await reader.read()).value?.match(/data: (.*)/)?.[1];
      if (data) told.push(...(JSON.parse(data) as number[]));
    }
    expect(told).toEqual([0, 1, 2, 3, 4, 5]);
    await reader.cancel();
  });

  test("says that it is still there when nothing happens", async () => {
    const reader = readerOf(
      eventStream(source(), new AbortController().signal, { ...QUICK, heartbeatMs: 20 }),
    );
    expect((await reader.read()).value).toMatch(/^: /);
    await reader.cancel();
  });

  test("ends when its session ends, and nobody listens for it any more", async () => {
    const news = source();
    const reader = readerOf(eventStream(news, new AbortController().signal, QUICK));
    news.end();
    expect((await reader.read()).done).toBe(true);
    expect(news.isHeard()).toBe(false);
  });

  test("ends when the page is left, before or after it began", async () => {
    const leaving = new AbortController();
    const news = source();
    const reader = readerOf(eventStream(news, leaving.signal, QUICK));
    leaving.abort();
    expect((await reader.read()).done).toBe(true);
    expect(news.isHeard()).toBe(false);
    expect((await readerOf(eventStream(news, leaving.signal, QUICK)).read()).done).toBe(true);
    expect(news.isHeard()).toBe(false);
  });
});
