import { z } from "zod";
import type { PairFilter } from "@/lib/pairs/pair";
import { digestOf } from "@/lib/sync/replica";
import { BadCursor } from "@/lib/sync-queue/cursor";

/** The pair beside a page, and which way the page reads on from it. */
export type PairPosition = { id: number; towards: "next" | "previous" };

const shape = z.tuple([z.number().int(), z.enum(["next", "previous"]), z.string()]);

/** An opaque token. It carries the filter's digest, so that it is refused under another filter. */
export function writePairCursor({ id, towards }: PairPosition, filter: PairFilter): string {
  return Buffer.from(JSON.stringify([id, towards, digestOfFilter(filter)])).toString("base64url");
}

/** Throws `BadCursor`, whose message is for people. */
export function readPairCursor(cursor: string, filter: PairFilter): PairPosition {
  let raw: unknown;
  try {
    raw = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    throw new BadCursor("this place in the list cannot be read: start from the first page");
  }
  const parsed = shape.safeParse(raw);
  if (!parsed.success || parsed.data[2] !== digestOfFilter(filter))
    throw new BadCursor("this place belongs to another filter: start from the first page");
  return { id: parsed.data[0], towards: parsed.data[1] };
}

function digestOfFilter({ connection, standing, q }: PairFilter): string {
  return digestOf(JSON.stringify([connection, standing, q]));
}
