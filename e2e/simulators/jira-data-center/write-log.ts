import type { IncomingHttpHeaders } from "node:http";

/**
 * How a write ended for the caller. `pending`: no answer yet. `answered`: a status went out. `broken`: the caller
 * saw the connection break and the write landed or may still land. `dropped`: it broke and nothing landed.
 */
export type WriteOutcome = "pending" | "answered" | "broken" | "dropped";

/** One write request as it arrived, whatever became of it. `landedAt` is null when it changed nothing. */
export type ReceivedWrite = {
  n: number;
  receivedAt: string;
  landedAt: string | null;
  answeredAt: string | null;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
  user: string;
  status: number | null;
  outcome: WriteOutcome;
};

export type WriteLog = { lastN: number; entries: ReceivedWrite[] };

/** So that a long demo does not fill the memory. */
const KEPT = 20_000;

export function emptyWriteLog(): WriteLog {
  return { lastN: 0, entries: [] };
}

/** Written down on arrival, before anything can go wrong with it. */
export function logWrite(
  log: WriteLog,
  write: {
    method: string;
    path: string;
    headers: IncomingHttpHeaders;
    body: unknown;
    user: string;
  },
  at: number,
): ReceivedWrite {
  log.lastN += 1;
  const entry: ReceivedWrite = {
    n: log.lastN,
    receivedAt: new Date(at).toISOString(),
    landedAt: null,
    answeredAt: null,
    status: null,
    outcome: "pending",
    ...write,
    headers: shownHeaders(write.headers, write.user),
  };
  log.entries.push(entry);
  if (log.entries.length > KEPT) log.entries.shift();
  return entry;
}

/** Those after number `since`, oldest first. */
export function writesSince(log: WriteLog, since: number): ReceivedWrite[] {
  return log.entries.filter(({ n }) => n > since);
}

/** Numbers go on after it, so that `since` keeps its meaning. */
export function clearWriteLog(log: WriteLog): void {
  log.entries = [];
}

function shownHeaders(headers: IncomingHttpHeaders, user: string): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) shown[name] = String(value);
  if (shown.authorization) shown.authorization = user;
  return shown;
}
