import { mirrorBody } from "@/lib/sync/comments";
import { mayTravel } from "@/lib/sync/mapping-row";
import type { Direction, Mapping } from "@/lib/sync/mapping-schema";
import { type KnownPiece, type PieceKind, type SortedPieces, sortPieces } from "@/lib/sync/pieces";
import { type Note, otherSide, type Side, type Write } from "@/lib/sync/plan-types";
import {
  type AttachmentReading,
  digestOf,
  type IssueReading,
  type LinkReading,
  normaliseText,
  type WorklogReading,
} from "@/lib/sync/replica";
import { type Terms, translateText } from "@/lib/sync/translate";

export type PiecesPlanInput = {
  local: IssueReading | null;
  remote: IssueReading | null;
  mapping: Mapping;
  terms: Terms;
  knownPieces: KnownPiece[];
  /** Our account at each side. */
  ours: Record<Side, string>;
  /** The twins of other issues of the connection, by side and id. */
  twins: Record<Side, ReadonlyMap<string, { id: string; key: string }>>;
  /** Issues of the connection that will have a twin and have none yet, by side and id. */
  awaited: Record<Side, ReadonlySet<string>>;
  /** Digests of attachments' contents, as `side id`; asked for when two could be one. */
  contents: ReadonlyMap<string, string> | null;
};

export type PiecesPlan = {
  writes: Write[];
  learned: KnownPiece[];
  notes: Note[];
  /** Read these attachments' contents and plan again. */
  needsContents: { side: Side; id: string; name: string }[];
};

/** What attachments, worklogs and links the sides lack. */
export function planPieces(input: PiecesPlanInput, isFirstMeeting: boolean): PiecesPlan {
  const plan: PiecesPlan = { writes: [], learned: [], notes: [], needsContents: [] };
  planAttachments(input, isFirstMeeting, plan);
  planWorklogs(input, isFirstMeeting, plan);
  planLinks(input, isFirstMeeting, plan);
  return plan;
}

function planAttachments(input: PiecesPlanInput, isFirstMeeting: boolean, plan: PiecesPlan) {
  const isSame = (one: AttachmentReading, other: AttachmentReading, side: Side) => {
    if (plainName(one.name) !== plainName(other.name) || one.size !== other.size) return false;
    const contents = [contentAt(otherSide(side), one), contentAt(side, other)];
    if (contents.some((each) => each === undefined)) {
      plan.needsContents.push(
        { side: otherSide(side), id: one.id, name: one.name },
        { side, id: other.id, name: other.name },
      );
      return false;
    }
    return contents[0] === contents[1];
  };
  const contentAt = (side: Side, { id }: AttachmentReading) => input.contents?.get(`${side} ${id}`);
  const sorted = sortPieces<AttachmentReading>({
    ...common("attachment", input.mapping.attachments, input, isFirstMeeting),
    pieces: { local: input.local?.attachments, remote: input.remote?.attachments },
    isOurs: ({ authorKey }, side) => authorKey === input.ours[side],
    isMirrorOf: isSame,
    digest: attachmentDigest,
  });
  plan.learned.push(...sorted.learned);
  for (const { side, piece } of sorted.unsent) {
    const to = otherSide(side);
    if (piece.size > input.mapping.largestAttachment)
      plan.notes.push({
        field: "attachment",
        side,
        text: `${piece.name} has ${megabytes(piece.size)}, more than the ${megabytes(input.mapping.largestAttachment)} that the mapping lets across: it is not sent`,
      });
    else
      plan.writes.push({
        kind: "add_attachment",
        side: to,
        originId: piece.id,
        name: piece.name,
        size: piece.size,
        mimeType: piece.mimeType,
        authorName: piece.authorName,
        digest: attachmentDigest(piece),
      });
  }
}

/** A file's name as it is told apart: some instances do not keep every sign of it. */
function plainName(name: string): string {
  return name.replace(/[\\/?%*:|"'<>\r\n_]+/g, "_");
}

function attachmentDigest({ name, size }: AttachmentReading): string {
  return digestOf(`${name}\n${size}`);
}

function planWorklogs(input: PiecesPlanInput, isFirstMeeting: boolean, plan: PiecesPlan) {
  const commentThere = ({ authorName, comment }: WorklogReading, side: Side) =>
    mirrorBody(authorName, translateText(comment, otherSide(side), input.terms)).trimEnd();
  const publicOnes = (reading: IssueReading | null) =>
    reading?.worklogs?.filter(({ restrictedTo }) => restrictedTo === null);
  const sorted: SortedPieces<WorklogReading> = sortPieces({
    ...common("worklog", input.mapping.worklogs, input, isFirstMeeting),
    pieces: { local: publicOnes(input.local), remote: publicOnes(input.remote) },
    isOurs: ({ authorKey }, side) => authorKey === input.ours[side],
    isMirrorOf: (mirror, original, side) =>
      mirror.seconds === original.seconds &&
      // An instance may know days only.
      mirror.startedAt.slice(0, 10) === original.startedAt.slice(0, 10) &&
      normaliseText(mirror.comment) === normaliseText(commentThere(original, side)),
    digest: worklogDigest,
  });
  plan.learned.push(...sorted.learned);
  const values = (piece: WorklogReading, side: Side) => ({
    originId: piece.id,
    authorName: piece.authorName,
    startedAt: piece.startedAt,
    seconds: piece.seconds,
    comment: commentThere(piece, side),
    digest: worklogDigest(piece),
  });
  for (const { side, piece } of sorted.unsent)
    plan.writes.push({ kind: "add_worklog", side: otherSide(side), ...values(piece, side) });
  for (const { side, piece, mirror } of sorted.edited)
    plan.writes.push({
      kind: "update_worklog",
      side: otherSide(side),
      mirrorId: mirror.id,
      before: { startedAt: mirror.startedAt, seconds: mirror.seconds, comment: mirror.comment },
      ...values(piece, side),
    });
}

function worklogDigest({ startedAt, seconds, comment }: WorklogReading): string {
  return digestOf(`${Date.parse(startedAt)}\n${seconds}\n${normaliseText(comment)}`);
}

function planLinks(input: PiecesPlanInput, isFirstMeeting: boolean, plan: PiecesPlan) {
  const typeThere = (type: string, side: Side) =>
    input.mapping.linkTypes?.[side === "local" ? "toRemote" : "toLocal"][type] ?? type;
  const twinOf = ({ toId }: LinkReading, side: Side) => input.twins[side].get(toId);
  /** Only between issues that are both under sync: any other has no counterpart. */
  const between = (side: Side) => {
    const links = input[side]?.links?.filter((link) => twinOf(link, side));
    // Its own first: a link that belongs to the other issue is only taken for a mirror when no other is.
    return links?.sort((one, other) => Number(!!one.isOtherEnd) - Number(!!other.isOtherEnd));
  };
  const sorted = sortPieces<LinkReading>({
    ...common("link", input.mapping.links, input, isFirstMeeting),
    pieces: { local: between("local"), remote: between("remote") },
    // Nobody's name stands at a link: one that says the same is the same, whoever made it.
    isOurs: () => null,
    isMirrorOf: (mirror, original, side) =>
      // Made from one end, a link may be told from the other one where no direction is kept.
      (isOwn(mirror, original) || !!mirror.isMutual || !!original.isMutual) &&
      mirror.type === typeThere(original.type, side) &&
      mirror.toId === twinOf(original, side)?.id,
    digest: linkDigest,
  });
  plan.learned.push(...sorted.learned);
  for (const { side, piece } of sorted.unsent) {
    const twin = twinOf(piece, side);
    if (twin && !piece.isOtherEnd)
      plan.writes.push({
        kind: "add_link",
        side: otherSide(side),
        originId: piece.id,
        type: typeThere(piece.type, side),
        toId: twin.id,
        toKey: twin.key,
        digest: linkDigest(piece),
      });
  }
}

function isOwn(...links: LinkReading[]): boolean {
  return links.every(({ isOtherEnd }) => !isOtherEnd);
}

function linkDigest({ type, toId }: LinkReading): string {
  return digestOf(`${type}\n${toId}`);
}

function common(
  kind: PieceKind,
  direction: Direction,
  { knownPieces }: PiecesPlanInput,
  isFirstMeeting: boolean,
) {
  return {
    kind,
    known: knownPieces,
    travels: {
      local: mayTravel({ direction }, "remote"),
      remote: mayTravel({ direction }, "local"),
    },
    isFirstMeeting,
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
