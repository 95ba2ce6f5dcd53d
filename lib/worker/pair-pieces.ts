import { createHash } from "node:crypto";
import { mayTravel } from "@/lib/sync/mapping-row";
import { awaitedOf, type PairRow, twinsOf } from "@/lib/sync/pair-store";
import type { PartTypes } from "@/lib/sync/parent";
import type { PiecesPlan, PiecesPlanInput } from "@/lib/sync/plan-pieces";
import { otherSide, type Readings, type Side } from "@/lib/sync/plan-types";
import { recordChange } from "@/lib/sync-queue/detection-store";
import type { PairContext } from "@/lib/worker/read-pair";

const SIDES = ["local", "remote"] as const;

/** Asked for only where an issue is about to become a part of one that has its twin. */
export async function partTypesFor(
  { sides, mapping }: PairContext,
  readings: Readings,
  twins: PiecesPlanInput["twins"],
): Promise<PartTypes | null> {
  for (const from of SIDES) {
    const [to, parent] = [otherSide(from), readings[from]?.parent];
    if (!parent || readings[to] || !mayTravel({ direction: mapping.subtasks }, to)) continue;
    const twin = twins[from].get(parent.id);
    if (twin) return (await sides[to].typesOfParts?.(twin.id)) ?? null;
  }
  return null;
}

/** What planning attachments, worklogs and links needs beside the readings. */
export async function pieceTerms(
  context: PairContext,
  connectionId: number,
  readings: Readings,
): Promise<Pick<PiecesPlanInput, "ours" | "twins" | "awaited">> {
  const ours: Record<Side, string> = { local: "", remote: "" };
  const twins: PiecesPlanInput["twins"] = { local: new Map(), remote: new Map() };
  const awaited: Record<Side, Set<string>> = { local: new Set(), remote: new Set() };
  for (const side of SIDES) {
    const reading = readings[side];
    if (!reading) continue;
    if (reading.attachments || reading.worklogs) ours[side] = (await context.account(side)).key;
    const others = [...(reading.links ?? []).map(({ toId }) => toId)];
    if (reading.parent) others.push(reading.parent.id);
    twins[side] = await twinsOf(context.pool, connectionId, side, others);
    if (reading.parent && !twins[side].has(reading.parent.id))
      awaited[side] = await awaitedOf(context.pool, connectionId, side, [reading.parent.id]);
  }
  return { ours, twins, awaited };
}

/**
 * Notes that the issues which link to one of these are to be looked at again, once: what they link to has
 * a twin now, and before there was nothing that their link could have led to.
 */
export async function wakeLinking(
  { pool }: PairContext,
  { id, connectionId }: Pick<PairRow, "id" | "connectionId">,
  readings: Readings,
): Promise<void> {
  for (const side of SIDES)
    for (const issueId of readings[side]?.linkedFrom ?? [])
      await recordChange(pool, {
        connectionId,
        side,
        issueId,
        kind: "updated",
        via: "sweep",
        actor: null,
        happenedAt: null,
        fingerprint: `met:${id}`,
      });
}

/** Digests of attachments' contents, read as streams. One that is gone has none. */
export async function contentsOf(
  context: PairContext,
  wanted: NonNullable<PiecesPlan["needsContents"]>,
): Promise<Map<string, string>> {
  const contents = new Map<string, string>();
  for (const { side, id, name } of wanted) {
    if (contents.has(`${side} ${id}`)) continue;
    const file = await context.sides[side].openAttachment?.(id, name);
    if (!file) continue;
    const hash = createHash("sha256");
    try {
      for await (const chunk of file.chunks) hash.update(chunk);
    } finally {
      file.cancel();
    }
    contents.set(`${side} ${id}`, hash.digest("hex"));
  }
  return contents;
}
