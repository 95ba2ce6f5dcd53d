import { otherSide, type Side } from "@/lib/sync/plan-types";

export const PIECE_KINDS = ["attachment", "worklog", "link"] as const;
/** What an issue has beside its fields and comments. */
export type PieceKind = (typeof PIECE_KINDS)[number];

/** A piece that we know: its mirror, or null when it was there before the pair was connected. */
export type KnownPiece = {
  kind: PieceKind;
  side: Side;
  id: string;
  mirrorId: string | null;
  /** Digest of what was sent of it last. */
  sent: string;
};

export type PiecesInput<T extends { id: string }> = {
  kind: PieceKind;
  /** All pieces of each side; undefined where they cannot be read. */
  pieces: Record<Side, T[] | undefined>;
  known: KnownPiece[];
  /** Whether pieces made on this side travel to the other. */
  travels: Record<Side, boolean>;
  /** The first meeting of two issues that existed before: what is there is known, not sent. */
  isFirstMeeting: boolean;
  /** Whether our account made a piece; null where an instance does not say who made such pieces. */
  isOurs: (piece: T, side: Side) => boolean | null;
  /** Whether a piece at the other side is what we would have made of an original. */
  isMirrorOf: (mirror: T, original: T, side: Side) => boolean;
  digest: (piece: T) => string;
};

export type SortedPieces<T> = {
  /** Originals without a mirror, in the order they were made. */
  unsent: { side: Side; piece: T }[];
  /** Originals that changed since they were sent, with the mirror as it is. */
  edited: { side: Side; piece: T; mirror: T }[];
  learned: KnownPiece[];
};

const SIDES = ["local", "remote"] as const;

/**
 * Which pieces are originals, which are mirrors, and what is to be sent. A piece belongs to the side it was made
 * on; a mirror never travels back, and nothing is deleted. A mirror whose write nobody recorded is known by its
 * content. What our own account made and no original explains stays where it is: it is a mirror whose original
 * is gone.
 */
export function sortPieces<T extends { id: string }>(input: PiecesInput<T>): SortedPieces<T> {
  const result: SortedPieces<T> = { unsent: [], edited: [], learned: [] };
  const known = input.known.filter(({ kind }) => kind === input.kind);
  const { local, remote } = input.pieces;
  if (!local || !remote) return result;
  const pieces = { local, remote };

  const isMirror = (side: Side, { id }: T) =>
    [...known, ...result.learned].some(
      (each) => each.side === otherSide(side) && each.mirrorId === id,
    );
  const knownAs = (side: Side, { id }: T) =>
    [...known, ...result.learned].find((each) => each.side === side && each.id === id);
  const isNew = (side: Side, piece: T) => !isMirror(side, piece) && !knownAs(side, piece);

  for (const side of SIDES)
    for (const mirror of pieces[side]) {
      if (!isNew(side, mirror) || input.isOurs(mirror, side) === false) continue;
      const from = otherSide(side);
      const original = pieces[from].find(
        (each) => isNew(from, each) && input.isMirrorOf(mirror, each, from),
      );
      if (original)
        result.learned.push({
          kind: input.kind,
          side: from,
          id: original.id,
          mirrorId: mirror.id,
          sent: input.digest(original),
        });
    }

  for (const side of SIDES)
    for (const piece of pieces[side]) {
      if (isMirror(side, piece)) continue;
      const before = knownAs(side, piece);
      const digest = input.digest(piece);
      if (!before && input.isFirstMeeting)
        result.learned.push({ kind: input.kind, side, id: piece.id, mirrorId: null, sent: digest });
      else if (!before && input.travels[side] && input.isOurs(piece, side) !== true)
        result.unsent.push({ side, piece });
      else if (before?.mirrorId && before.sent !== digest && input.travels[side]) {
        const mirror = pieces[otherSide(side)].find(({ id }) => id === before.mirrorId);
        if (mirror) result.edited.push({ side, piece, mirror });
      }
    }
  return result;
}
