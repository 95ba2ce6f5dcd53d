"use client";
import type { LiveState } from "@/components/live/live-event";
import { useLiveState } from "@/components/live/live-provider";

const WORDS: Record<LiveState, string> = {
  connecting: "Connecting…",
  live: "Page is live",
  lost: "Page is not live: asking every 5 s",
  signed_out: "Signed out",
};

/** Says whether the page follows by itself. Quiet while it does. */
export function LiveIndicator() {
  const state = useLiveState();
  const isFine = state === "live" || state === "connecting";
  return (
    <p
      role="status"
      title="Whether this page follows by itself. It says nothing about synchronisation."
      className={`flex items-center gap-1.5 text-small ${isFine ? "text-soft" : "text-error-text"}`}
    >
      <svg viewBox="0 0 8 8" aria-hidden="true" className="size-2">
        {state === "live" ? (
          <circle cx="4" cy="4" r="3" fill="var(--color-fine)" />
        ) : (
          <circle cx="4" cy="4" r="3" fill="none" stroke="currentColor" strokeWidth="1.5" />
        )}
      </svg>
      <span className={isFine ? "max-sm:sr-only" : ""}>{WORDS[state]}</span>
    </p>
  );
}
