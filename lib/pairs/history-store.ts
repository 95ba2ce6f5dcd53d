import { z } from "zod";
import type { DbOrTx } from "@/lib/db/database";
import type { Prisma } from "@/lib/db/generated/client";
import type {
  EpisodeLine,
  History,
  HistoryLines,
  HistoryPage,
  WriteLine,
} from "@/lib/pairs/history";
import { toPermitLine } from "@/lib/sync-queue/browse-store";
import { BadCursor } from "@/lib/sync-queue/cursor";

const PAGE = 25;
const position = z.tuple([z.iso.datetime(), z.uuid()]);
/** Long texts are told by their beginning; the instance has the whole. */
const MOST_TEXT = 4_000;

/** One page of one kind of a pair's history, newest first. Throws `BadCursor` for a place that cannot be read. */
export async function readHistory<Kind extends History>(
  db: DbOrTx,
  pairId: number,
  kind: Kind,
  before: string | null,
): Promise<HistoryPage<HistoryLines[Kind]>> {
  const pages = { permits: permitsOf, changes: changesOf, runs: runsOf, errors: errorsOf };
  const read = pages[kind] as unknown as (
    db: DbOrTx,
    pairId: number,
    before: string | null,
  ) => Promise<HistoryPage<HistoryLines[Kind]>>;
  return read(db, pairId, before);
}

async function permitsOf(db: DbOrTx, pairId: number, before: string | null) {
  let beyond: Prisma.PermitWhereInput = {};
  if (before) {
    const parsed = position.safeParse(before.split("_"));
    if (!parsed.success) throw new BadCursor("this place in the list cannot be read");
    const [at, id] = parsed.data;
    // The bound beside the tie-break lets the index seek.
    beyond = { grantedAt: { lte: at }, OR: [{ grantedAt: { lt: at } }, { id: { lt: id } }] };
  }
  const permits = await db.permit.findMany({
    where: { pairId, ...beyond },
    orderBy: [{ grantedAt: "desc" }, { id: "desc" }],
    take: PAGE + 1,
  });
  return cut(permits, toWriteLine, (line) => `${line.sentAt}_${line.id}`);
}

function toWriteLine(permit: Prisma.PermitModel): WriteLine {
  const intended = asObject(permit.intended);
  const before = asObject(permit.before);
  const fields = Object.entries(asObject(intended.fields)).map(([field, value]) => ({
    field,
    before: field in before ? words(before[field]) : null,
    intended: words(value),
  }));
  return {
    ...toPermitLine(permit),
    fields,
    text: typeof intended.body === "string" ? intended.body.slice(0, MOST_TEXT) : null,
    answer:
      permit.outcome === "applied" || permit.answer === null
        ? null
        : JSON.stringify(permit.answer).slice(0, MOST_TEXT),
  };
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function words(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = Array.isArray(value) ? value.join(", ") : String(value);
  return text.slice(0, MOST_TEXT);
}

async function changesOf(db: DbOrTx, pairId: number, before: string | null) {
  const changes = await db.change.findMany({
    where: { pairId, ...(before && { id: { lt: BigInt(rowNumber(before)) } }) },
    orderBy: { id: "desc" },
    take: PAGE + 1,
  });
  return cut(
    changes,
    (change) => ({
      id: String(change.id),
      side: change.side as "local" | "remote",
      kind: change.kind,
      via: change.via,
      actor: change.actor,
      at: (change.happenedAt ?? change.at).toISOString(),
    }),
    ({ id }) => id,
  );
}

async function runsOf(db: DbOrTx, pairId: number, before: string | null) {
  const runs = await db.run.findMany({
    where: { pairId, ...(before && { id: { lt: rowNumber(before) } }) },
    orderBy: { id: "desc" },
    take: PAGE + 1,
  });
  return cut(
    runs,
    ({ id, endedAt, outcome, writes, words: said, errorCode }) => ({
      id,
      endedAt: endedAt.toISOString(),
      outcome,
      writes,
      words: said,
      errorCode,
    }),
    ({ id }) => String(id),
  );
}

async function errorsOf(db: DbOrTx, pairId: number, before: string | null) {
  const episodes = await db.errorEpisode.findMany({
    where: { pairId, ...(before && { id: { lt: rowNumber(before) } }) },
    orderBy: { id: "desc" },
    take: PAGE + 1,
  });
  return cut(episodes, toEpisodeLine, ({ id }) => String(id));
}

/** An episode as people see it. */
export function toEpisodeLine(episode: Prisma.ErrorEpisodeModel): EpisodeLine {
  const { id, code, message, count, openedAt, lastAt, clearedAt, clearedHow, clearedBy } = episode;
  return {
    id,
    code,
    message,
    count,
    openedAt: openedAt.toISOString(),
    lastAt: lastAt.toISOString(),
    clearedAt: clearedAt?.toISOString() ?? null,
    clearedHow,
    clearedBy,
  };
}

function rowNumber(text: string): number {
  const parsed = z.coerce.number().int().positive().max(2_147_483_647).safeParse(text);
  if (!parsed.success) throw new BadCursor("this place in the list cannot be read");
  return parsed.data;
}

function cut<Row, Line>(
  rows: Row[],
  toLine: (row: Row) => Line,
  place: (line: Line) => string,
): HistoryPage<Line> {
  const lines = rows.slice(0, PAGE).map(toLine);
  const last = lines.at(-1);
  return { lines, next: rows.length > PAGE && last ? place(last) : null };
}
