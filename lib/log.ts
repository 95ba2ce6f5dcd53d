import { env } from "@/lib/env";

const LEVELS = ["debug", "info", "warn", "error"] as const;
type Level = (typeof LEVELS)[number];

function write(level: Level, message: string, detail?: Record<string, unknown>): void {
  if (LEVELS.indexOf(level) < LEVELS.indexOf(env().LOG_LEVEL)) return;
  // One line of JSON each: what people typed cannot start a line of its own.
  const line = JSON.stringify({ at: new Date().toISOString(), level, message, ...detail });
  (level === "error" || level === "warn" ? console.error : console.info)(line);
}

/** Structured log. Never hand it a secret: nothing is masked here. */
export const log = {
  debug: (message: string, detail?: Record<string, unknown>) => write("debug", message, detail),
  info: (message: string, detail?: Record<string, unknown>) => write("info", message, detail),
  warn: (message: string, detail?: Record<string, unknown>) => write("warn", message, detail),
  error: (message: string, detail?: Record<string, unknown>) => write("error", message, detail),
};
