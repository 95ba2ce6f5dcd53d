"use client";
import {
  QueryClient,
  QueryClientProvider,
  queryOptions,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { AnswerError, fetchJson } from "@/components/live/fetch-json";
import type { LiveEvent, LiveState } from "@/components/live/live-event";
import { joinLiveStream } from "@/components/live/live-stream";
import { hear } from "@/components/shell/shell-events";
import { learnServerTime } from "@/components/ui/clock";
import type { GateStatus } from "@/lib/gate/status";

/** For a query that reads itself again when it wants to, not whenever an entry has changed. */
export const FOLLOWS_NOT = { follows: false };

/** Bursts of changes refresh lists once a second at most. */
const REFRESH_MS = 1_000;
/** Asked besides the stream: notices a stream that is silent because it is dead. */
const PROBE_MS = 30_000;
/** While the stream is lost, this is what keeps the page right. */
const FALLBACK_MS = 5_000;

/** As many as a person could still be looking at. */
const REMEMBERED_IDS = 500;

const Live = createContext<LiveState>("connecting");
const Done = createContext<ReadonlySet<number>>(new Set());

/** Whether this page follows the console at this moment. */
export function useLiveState(): LiveState {
  return useContext(Live);
}

/** Entries that have left the queue since this page was opened. */
export function useDoneIds(): ReadonlySet<number> {
  return useContext(Done);
}

function gateQuery() {
  return queryOptions({
    queryKey: ["gate"],
    queryFn: async ({ signal }) => {
      const gate = await fetchJson<GateStatus>("/api/gate", signal);
      learnServerTime(gate.now);
      return gate;
    },
    retry: 1,
  });
}

/** Feeds the caches of every page below it from one stream of events. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            staleTime: 2_000,
            // Asks even when the browser believes it is offline: a console on this machine still answers.
            networkMode: "always",
            retry: (failures, error) =>
              !(error instanceof AnswerError && error.status < 500) && failures < 2,
          },
        },
      }),
  );
  return (
    <QueryClientProvider client={client}>
      <LiveUpdates>{children}</LiveUpdates>
    </QueryClientProvider>
  );
}

function LiveUpdates({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");
  const [doneIds, setDoneIds] = useState<ReadonlySet<number>>(new Set());

  // The stream is an outside system: it is joined when the page appears and left with it.
  useEffect(() => {
    let refresh: ReturnType<typeof setTimeout> | undefined;
    function onEvent(event: LiveEvent): void {
      learnServerTime(event.gate.now);
      client.setQueryData(gateQuery().queryKey, event.gate);
      if (event.changedIds.length + event.goneIds.length === 0) return;
      if (event.goneIds.length > 0)
        setDoneIds((known) => new Set([...known, ...event.goneIds].slice(-REMEMBERED_IDS)));
      refresh ??= setTimeout(() => {
        refresh = undefined;
        void client.invalidateQueries({
          predicate: ({ queryKey, meta }) => queryKey[0] !== "gate" && meta?.follows !== false,
        });
      }, REFRESH_MS);
    }
    function onState(next: LiveState): void {
      setState(next);
      // Whatever happened while the stream was away was missed.
      if (next === "live")
        void client.invalidateQueries({ predicate: ({ meta }) => meta?.follows !== false });
      // Whether only the stream broke or the console is gone, one question tells.
      else if (next === "lost") void client.invalidateQueries({ queryKey: gateQuery().queryKey });
    }
    const leave = joinLiveStream({ onEvent, onState });
    // An answer knows sooner than the stream, which is looked at once a minute; it is live again when
    // it has been opened anew.
    const stopWatching = client.getQueryCache().subscribe((event) => {
      if (event.type !== "updated" || event.action.type !== "error") return;
      const { error } = event.action;
      if (error instanceof AnswerError && error.status === 401) setState("signed_out");
    });
    // What was refused may have been, because the gate or the session is another by now.
    const stopHearing = hear(
      "refused",
      () => void client.invalidateQueries({ queryKey: gateQuery().queryKey }),
    );
    return () => {
      clearTimeout(refresh);
      stopWatching();
      stopHearing();
      leave();
    };
  }, [client]);

  return (
    <Live value={state}>
      <Done value={doneIds}>{children}</Done>
    </Live>
  );
}

/** The gate as this browser last heard of it; `isStale` when the console no longer answers. */
export function useGate(initial: GateStatus | null) {
  const live = useLiveState();
  const isHydrated = useHydrated();
  const query = useQuery({
    ...gateQuery(),
    ...(initial ? { initialData: initial, initialDataUpdatedAt: Date.parse(initial.now) } : {}),
    refetchInterval: live === "live" ? PROBE_MS : FALLBACK_MS,
  });
  const isDown = query.error instanceof AnswerError && query.error.status >= 500;
  return {
    gate: (isHydrated ? query.data : initial) ?? null,
    live,
    isUnreachable: query.isError && !(query.error instanceof AnswerError),
    isDatabaseDown: isDown,
    isSignedOut:
      live === "signed_out" || (query.error instanceof AnswerError && query.error.status === 401),
  };
}

/**
 * False while a part of the page takes over what the server rendered. Parts do so one after the other,
 * and an event may arrive in between: until then each shows what the server gave it.
 */
function useHydrated(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  );
}
