import type { ChangeLine, PermitLine, RunLine } from "@/lib/sync-queue/row";

/** What is told of a pair's past, each read page by page, newest first. */
export const HISTORIES = ["permits", "changes", "runs", "errors"] as const;
export type History = (typeof HISTORIES)[number];

/** A write with what it wrote: fields as they were and as they were to be, or a text. */
export type WriteLine = PermitLine & {
  fields: { field: string; before: string | null; intended: string | null }[];
  text: string | null;
  answer: string | null;
};

export type EpisodeLine = {
  id: number;
  code: string;
  message: string;
  count: number;
  openedAt: string;
  lastAt: string;
  clearedAt: string | null;
  clearedHow: string | null;
  clearedBy: string | null;
};

export type HistoryLines = {
  permits: WriteLine;
  changes: ChangeLine;
  runs: RunLine;
  errors: EpisodeLine;
};

/** `next`: what to ask with for older ones; null at the end. */
export type HistoryPage<Line> = { lines: Line[]; next: string | null };
