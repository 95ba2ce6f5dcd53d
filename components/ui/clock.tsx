"use client";
import { createContext, type ReactNode, useContext, useState, useSyncExternalStore } from "react";

const TICK_MS = 10_000;

/** The database's clock as the browser knows it: ages must not depend on a wrong clock at the desk. */
const ServerNow = createContext(0);

export function ClockProvider({ serverNow, children }: { serverNow: string; children: ReactNode }) {
  const [startedAt] = useState(() => Date.parse(serverNow));
  return <ServerNow value={startedAt}>{children}</ServerNow>;
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let offsetMs: number | undefined;
let nowMs = 0;

function tick(): void {
  if (document.hidden) return;
  nowMs = Date.now() + (offsetMs ?? 0);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, TICK_MS);
  document.addEventListener("visibilitychange", tick);
  return () => {
    listeners.delete(listener);
    document.removeEventListener("visibilitychange", tick);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Corrects the clock by what the server just said. */
export function learnServerTime(serverNow: string): void {
  offsetMs = Date.parse(serverNow) - Date.now();
}

/** Now, by the database's clock, in milliseconds; one timer for the whole page. */
export function useNow(): number {
  const startedAt = useContext(ServerNow);
  return useSyncExternalStore(
    subscribe,
    () => {
      if (nowMs === 0) {
        offsetMs ??= startedAt - Date.now();
        nowMs = Date.now() + offsetMs;
      }
      return nowMs;
    },
    () => startedAt,
  );
}

/** The reader's time zone; UTC until the page has become interactive, so that both renderings agree. */
export function useTimeZone(): string {
  return useSyncExternalStore(
    () => () => undefined,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => "UTC",
  );
}
