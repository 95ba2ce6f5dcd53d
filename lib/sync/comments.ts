import { type Note, otherSide, type Side, type Write } from "@/lib/sync/plan-types";
import { type CommentReading, digestOf, normaliseText } from "@/lib/sync/replica";

/** A comment that we know: its mirror, or null when it was there before the pair was connected. */
export type KnownComment = {
  side: Side;
  id: string;
  mirrorId: string | null;
  /** Digest of the original's text when it was last sent. */
  sent: string;
};

export type CommentInput = {
  local: CommentReading[];
  remote: CommentReading[];
  known: KnownComment[];
  /** Markers of ours found on comments, by comment id. */
  markers: { local: Map<string, string>; remote: Map<string, string> };
  markerOf: (side: Side, commentId: string) => string;
  /** A comment's text as its mirror at the other side has it. */
  translated: (side: Side, body: string) => string;
  /** The same, as it may have been made before the text formatting of a side was changed. */
  translatedBefore: (side: Side, body: string) => string[];
  /** Whether comments written on this side travel to the other. */
  travels: { local: boolean; remote: boolean };
  /** The circle for which private comments travel, as each side names it; null: they never do. */
  circle: Record<Side, string> | null;
  /** The first meeting of two issues that existed before: what is there is known, not sent. */
  isFirstMeeting: boolean;
};

export type CommentPlan = { writes: Write[]; learned: KnownComment[]; notes: Note[] };

/** The line that names a comment's author at its mirror, in wiki markup that Jira and Redmine share. */
export function mirrorBody(authorName: string, body: string): string {
  return `${authorLine(authorName)}\n\n${body}`;
}

function authorLine(authorName: string): string {
  return `*${authorName.replace(/[*\r\n]/g, " ")}* wrote:`;
}

/** A mirror's text without the line that we put above it. */
function withoutAuthorLine(body: string): string {
  return normaliseText(body).replace(/^\*[^*\n]*\* wrote:\n\n/, "");
}

/** Who may read a comment is part of it: a comment that is opened to more people travels again. */
export function digestOfComment(body: string, restrictedTo: string | null = null): string {
  const text = normaliseText(body);
  return digestOf(restrictedTo === null ? text : `${text}\n\0${restrictedTo}`);
}

function digestAt({ body, restrictedTo }: CommentReading): string {
  return digestOfComment(body, restrictedTo);
}

/** Whether a comment is for more people than the mapping lets it reach. */
function staysAtHome({ restrictedTo }: CommentReading, side: Side, input: CommentInput): boolean {
  return restrictedTo !== null && restrictedTo !== input.circle?.[side];
}

/**
 * Comments belong to the side they were written on, and arrive in the order they were written.
 * A mirror never travels back; nothing is deleted.
 */
export function planComments(input: CommentInput): CommentPlan {
  const learned = learnMirrors(input);
  const known = [...input.known, ...learned];
  const plan: CommentPlan = { writes: [], learned, notes: [] };
  for (const side of ["local", "remote"] as const)
    for (const comment of input[side]) planOne(comment, side, known, input, plan);
  return plan;
}

/** Mirrors of ours that our database has not heard of: a write whose answer was lost, or an older database. */
function learnMirrors(input: CommentInput): KnownComment[] {
  const learned: KnownComment[] = [];
  for (const side of ["local", "remote"] as const) {
    const originals = new Map(
      input[side].map((comment) => [input.markerOf(side, comment.id), comment]),
    );
    for (const mirror of input[otherSide(side)]) {
      const marker = input.markers[otherSide(side)].get(mirror.id);
      const original = marker === undefined ? undefined : originals.get(marker);
      if (!original || input.known.some((known) => known.side === side && known.id === original.id))
        continue;
      const mirrored = digestOfComment(withoutAuthorLine(mirror.body));
      const isAsNow = mirrored === digestOfComment(input.translated(side, original.body));
      learned.push({
        side,
        id: original.id,
        mirrorId: mirror.id,
        sent: isAsNow ? digestAt(original) : mirrored,
      });
      // A second mirror of one original would be a doubled write: the first, oldest one counts.
      originals.delete(marker ?? "");
    }
  }
  return learned;
}

/** A mirror that says something else than its original did when it was last sent. */
function isEdited(mirror: CommentReading, known: KnownComment, input: CommentInput): boolean {
  const mirrored = digestOfComment(withoutAuthorLine(mirror.body));
  if (mirrored === known.sent) return false;
  const original = input[known.side].find(({ id }) => id === known.id);
  // Without the original as it was sent, nobody can tell how it was translated.
  if (!original || digestAt(original) !== known.sent) return false;
  if (mirrored === digestOfComment(input.translated(known.side, original.body))) return false;
  const before = input.translatedBefore(known.side, original.body);
  return !before.some((body) => mirrored === digestOfComment(body));
}

function planOne(
  comment: CommentReading,
  side: Side,
  known: KnownComment[],
  input: CommentInput,
  plan: CommentPlan,
): void {
  const to = otherSide(side);
  const asMirror = known.find((each) => each.side === to && each.mirrorId === comment.id);
  if (asMirror) {
    if (isEdited(comment, asMirror, input))
      plan.notes.push({
        field: "comment",
        side,
        text: `the mirror of a comment was edited at its ${side} side: such edits do not travel`,
      });
    return;
  }
  // Ours by its marker, though its original is not here any more.
  if (input.markers[side].has(comment.id) || !input.travels[side]) return;

  const asOriginal = known.find((each) => each.side === side && each.id === comment.id);
  const digest = digestAt(comment);
  if (!asOriginal && input.isFirstMeeting) {
    plan.learned.push({ side, id: comment.id, mirrorId: null, sent: digest });
    return;
  }
  if (staysAtHome(comment, side, input)) {
    notePrivate(comment, side, asOriginal, plan);
    return;
  }
  const circle = comment.restrictedTo === null ? undefined : input.circle?.[to];
  const restricted = circle === undefined ? {} : { restrictedTo: circle };
  if (!asOriginal) {
    plan.writes.push({
      kind: "add_comment",
      side: to,
      marker: input.markerOf(side, comment.id),
      originId: comment.id,
      authorName: comment.authorName,
      writtenAt: comment.createdAt,
      body: input.translated(side, comment.body),
      digest,
      ...restricted,
    });
    return;
  }
  if (asOriginal.mirrorId === null || asOriginal.sent === digest) return;
  const mirror = input[to].find((each) => each.id === asOriginal.mirrorId);
  if (!mirror) {
    plan.notes.push({
      field: "comment",
      side: to,
      text: "an edited comment's mirror is gone: not written again",
    });
    return;
  }
  plan.writes.push({
    kind: "update_comment",
    side: to,
    originId: comment.id,
    mirrorId: mirror.id,
    authorName: comment.authorName,
    before: withoutAuthorLine(mirror.body),
    body: input.translated(side, comment.body),
    digest,
    ...restricted,
  });
}

/** A private comment that came into scope is told of, and once it was sent its mirror cannot be taken back. */
function notePrivate(
  { authorName, restrictedTo }: CommentReading,
  side: Side,
  known: KnownComment | undefined,
  plan: CommentPlan,
): void {
  if (known && known.mirrorId === null) return;
  plan.notes.push({
    field: "comment",
    side,
    text: known
      ? `a comment by ${authorName} is for ${restrictedTo} now: what was sent of it before stays at the other side`
      : `a comment by ${authorName} is for ${restrictedTo} alone: it is not sent`,
  });
}
