import { z } from "zod";
import { digestOf } from "@/lib/sync/replica";
import type { QueueFilter } from "@/lib/sync-queue/row";

/** A cursor that is damaged or belongs to another filter. The message is for people. */
export class BadCursor extends Error {}

/** Where a page begins: the sort value and id of the row beside it, and which way it reads on. */
export type Position = { value: string; id: number; towards: "next" | "previous" };

const shape = z.tuple([z.string(), z.number().int(), z.enum(["next", "previous"]), z.string()]);

/** An opaque token. It carries the filter's digest, so that it is refused under another filter. */
export function writeCursor(position: Position, filter: QueueFilter): string {
  const parts = [position.value, position.id, position.towards, digestOfFilter(filter)];
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

export function readCursor(cursor: string, filter: QueueFilter): Position {
  let raw: unknown;
  try {
    raw = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    throw new BadCursor("this place in the list cannot be read: start from the first page");
  }
  const parsed = shape.safeParse(raw);
  if (!parsed.success || parsed.data[3] !== digestOfFilter(filter))
    throw new BadCursor("this place belongs to another filter: start from the first page");
  const [value, id, towards] = parsed.data;
  return { value, id, towards };
}

function digestOfFilter({ connection, state, direction, inherited, q, sort }: QueueFilter): string {
  return digestOf(JSON.stringify([connection, state, direction, inherited, q, sort]));
}
