import type { LiveEvent, LiveState } from "@/components/live/live-event";
import { hear } from "@/components/shell/shell-events";

const LOCK = "exalate-live";
const CHANNEL = "exalate-live";
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;

type Shared =
  | { kind: "event"; event: LiveEvent }
  | { kind: "state"; state: LiveState }
  | { kind: "hello" }
  /** In one of the tabs somebody signed in again. */
  | { kind: "signed_in" };

type Listener = { onEvent: (event: LiveEvent) => void; onState: (state: LiveState) => void };

/**
 * One stream of server-sent events per browser: browsers allow six connections to one origin, and ten
 * tabs must not use them up. The tab that holds the lock listens and tells the others. A tab that is
 * hidden gives the lock away, so that nothing streams to a browser nobody looks at.
 * Returns the function that leaves.
 */
export function joinLiveStream({ onEvent, onState }: Listener): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  let turn: AbortController | undefined;
  let leading = false;
  let lastState: LiveState = "connecting";
  /** Does not wait for the next try. Nothing to do in a tab that does not lead. */
  let reopen = () => {};

  function tell(message: Shared): void {
    channel.postMessage(message);
  }
  function becomes(state: LiveState): void {
    lastState = state;
    onState(state);
    tell({ kind: "state", state });
  }

  channel.onmessage = ({ data }: MessageEvent<Shared>) => {
    if (data.kind === "event") onEvent(data.event);
    if (data.kind === "state") onState(data.state);
    if (data.kind === "hello" && leading) tell({ kind: "state", state: lastState });
    if (data.kind === "signed_in") reopen();
  };

  function takeTurns(): void {
    if (document.hidden || turn) return;
    const mine = new AbortController();
    turn = mine;
    tell({ kind: "hello" });
    navigator.locks
      .request(LOCK, { signal: mine.signal }, async () => {
        leading = true;
        await listenUntil(mine.signal, {
          onEvent: (event) => {
            onEvent(event);
            tell({ kind: "event", event });
          },
          onState: becomes,
          onOpener: (open) => {
            reopen = open;
          },
        });
        leading = false;
        reopen = () => {};
      })
      // Given up while still waiting for the lock: another tab leads.
      .catch(() => undefined);
  }

  function onVisibility(): void {
    if (document.hidden) {
      turn?.abort();
      turn = undefined;
    } else {
      takeTurns();
    }
  }

  document.addEventListener("visibilitychange", onVisibility);
  const stopHearing = hear("signedIn", () => {
    reopen();
    tell({ kind: "signed_in" });
  });
  takeTurns();
  return () => {
    stopHearing();
    document.removeEventListener("visibilitychange", onVisibility);
    turn?.abort();
    channel.close();
  };
}

/** Listens, and reconnects with growing pauses, until the signal ends it. */
function listenUntil(
  signal: AbortSignal,
  { onEvent, onState, onOpener }: Listener & { onOpener: (open: () => void) => void },
): Promise<void> {
  // The lock can be granted in the same moment as the tab gives up on it.
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let pauseMs = FIRST_RETRY_MS;

    function open(): void {
      source?.close();
      clearTimeout(retry);
      source = new EventSource("/api/live");
      source.onopen = () => {
        pauseMs = FIRST_RETRY_MS;
        onState("live");
      };
      source.onmessage = ({ data }: MessageEvent<string>) => onEvent(JSON.parse(data) as LiveEvent);
      source.onerror = () => {
        source?.close();
        void reportLoss();
        // Jitter: a restarted console should not meet every browser in the same second.
        retry = setTimeout(open, pauseMs * (0.75 + Math.random() / 2));
        pauseMs = Math.min(pauseMs * 2, LAST_RETRY_MS);
      };
    }
    // An EventSource does not say why it failed; an ended session must not look like a lost network.
    async function reportLoss(): Promise<void> {
      const answer = await fetch("/api/gate", { cache: "no-store", signal }).catch(() => null);
      if (!signal.aborted) onState(answer?.status === 401 ? "signed_out" : "lost");
    }

    signal.addEventListener("abort", () => {
      source?.close();
      clearTimeout(retry);
      resolve();
    });
    onOpener(open);
    open();
  });
}
