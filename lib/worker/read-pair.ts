import type pg from "pg";
import type { OpenSide } from "@/lib/connectors/connector";
import { SyncError } from "@/lib/errors";
import { noteThere } from "@/lib/sync/gone-store";
import { fieldTimes, type LostEdit, lostEdits, type OwnUpdate } from "@/lib/sync/history";
import { type MailEstimate, mailsOf } from "@/lib/sync/mails";
import type { Mapping } from "@/lib/sync/mapping-schema";
import type { FieldTimes } from "@/lib/sync/merge";
import {
  adoptTwin,
  isForeignWrite,
  type PairRow,
  readPair,
  unlinkPair,
  verifyPair,
} from "@/lib/sync/pair-store";
import { type LoosePermit, loosePermits, ownUpdates } from "@/lib/sync/permit-store";
import { type PlanInput, type Planned, plan } from "@/lib/sync/plan";
import { otherSide, type Readings, type Side, type Write } from "@/lib/sync/plan-types";
import type { FirstMeeting, Policy } from "@/lib/sync/policies";
import { type FieldId, type Fields, type IssueReading, sameValue } from "@/lib/sync/replica";
import { knownUntil } from "@/lib/sync/settled";
import { takesOneOf } from "@/lib/sync/takes-one";
import type { Terms } from "@/lib/sync/translate";
import { contentsOf, partTypesFor, pieceTerms, wakeLinking } from "@/lib/worker/pair-pieces";
import { type Directory, peopleOf } from "@/lib/worker/people";
import type { Workflows } from "@/lib/worker/workflows";

/** Everything about a connection that reading and planning one of its pairs needs. */
export type PairContext = {
  pool: pg.Pool;
  sides: Record<Side, OpenSide>;
  mapping: Mapping;
  terms: Pick<Terms, "markup">;
  workflows: Record<Side, Workflows>;
  /** An automation answers our writes within this time. */
  loopAnswerMs: number;
  /** Who is who at each side. */
  directories: Record<Side, Directory>;
  policy: Policy;
  firstMeeting: FirstMeeting;
  /** How long an instance's search may not know an issue that exists. */
  indexLagMs: number;
  /** Our own account there, and its clock minus ours. */
  account: (side: Side) => Promise<{ key: string; name: string; clockOffsetMs: number }>;
};

export type ReadResult =
  | { kind: "planned"; pair: PairRow; readings: Readings; planned: Planned; marker: string }
  /** A write of ours without an answer may still land, or not be found yet: look again later. */
  | { kind: "wait"; waitMs: number };

const PIECES: ReadonlySet<LoosePermit["kind"]> = new Set([
  "add_attachment",
  "add_worklog",
  "add_link",
]);
const SEARCH_SLACK_MS = 120_000; // a search knows minutes, and its clock is not ours

/**
 * Reads both issues of a pair as they are now and plans what is missing. Only reads from instances;
 * notes in the database when a twin of ours is found again. Null when the pair is gone.
 * `fresh` are readings of this run that nothing has written to since.
 */
export async function readAndPlan(
  context: PairContext,
  pairId: number,
  fresh: Partial<Readings> = {},
): Promise<ReadResult | null> {
  let pair = await readPair(context.pool, pairId);
  if (!pair) return null;
  const marker = `${pair.identity.slice(0, 8)}.${pair.connectionId}.${pair.id}`;
  const loose = await loosePermits(context.pool, pairId);
  const updates = await ownUpdates(context.pool, pairId);
  const readings = await readBoth(context, pair, fresh, updates);
  if (pair.isThoughtGone) await noteThere(context.pool, pairId);
  if (!(await isVerified(context, pair, marker, readings))) return null;
  await refuseForeignWrites(context, pair, marker, readings);

  const twin = missingTwin(readings);
  if (twin) {
    const found = await findTwin(context, pair, twin, marker, loose);
    if (typeof found === "number") return { kind: "wait", waitMs: found };
    if (found) {
      readings[twin.side] = found;
      pair = (await readPair(context.pool, pairId)) ?? pair;
    }
    if (pair.isUnverified[twin.side]) await verifyPair(context.pool, pairId, twin.side);
  }
  if (!pair.hasMet && readings.local && readings.remote) await wakeLinking(context, pair, readings);
  const markers = {
    local: await markersOf(context, "local", readings.local, pair, loose),
    remote: await markersOf(context, "remote", readings.remote, pair, loose),
  };
  const stillOut = loose.find(
    (permit) =>
      permit.kind === "add_comment" &&
      permit.mayLandMs > 0 &&
      ![...markers[permit.side].values()].includes(permit.marker ?? ""),
  );
  if (stillOut) return { kind: "wait", waitMs: stillOut.mayLandMs };
  // What was made is known by its content, and only once it can no longer come.
  const piece = loose.findLast(({ kind, mayLandMs }) => PIECES.has(kind) && mayLandMs > 0);
  if (piece) return { kind: "wait", waitMs: piece.mayLandMs };

  const pieces = await pieceTerms(context, pair.connectionId, readings);
  const input: PlanInput = {
    ...readings,
    base: landedBase(pair.base, loose, readings),
    unconfirmed: { local: unconfirmed(loose, "local"), remote: unconfirmed(loose, "remote") },
    known: pair.known,
    markers,
    marker,
    mapping: context.mapping,
    terms: { ...context.terms, people: await peopleOf(context, readings) },
    policy: context.policy,
    firstMeeting: context.firstMeeting,
    choices: pair.choices,
    changedAt: null,
    steps: null,
    knownPieces: pair.pieces,
    contents: null,
    ...pieces,
    takesOne: takesOneOf(context.sides),
    partTypes: await partTypesFor(context, readings, pieces.twins),
    lost: {
      local: await lostAt(context, "local", readings.local, updates),
      remote: await lostAt(context, "remote", readings.remote, updates),
    },
  };
  for (const side of ["local", "remote"] as const) {
    const reading = readings[side];
    if (reading) await context.workflows[side].learn(reading);
  }
  let planned = plan(input);
  if (planned.needsContents) {
    input.contents = await contentsOf(context, planned.needsContents);
    planned = plan(input);
  }
  if (planned.needsTimes) {
    input.changedAt = {
      local: await timesOf(context, "local", readings.local),
      remote: await timesOf(context, "remote", readings.remote),
    };
    planned = plan(input);
  }
  if (planned.needsSteps) {
    const steps = async (side: Side) => {
      const workflow = readings[side]?.workflow;
      return workflow === undefined ? [] : context.workflows[side].steps(workflow);
    };
    input.steps = { local: await steps("local"), remote: await steps("remote") };
    planned = plan(input);
  }
  const mails = await mailsFor(context, planned.plan.writes, readings);
  planned = { ...planned, plan: { ...planned.plan, mails } };
  return { kind: "planned", pair, readings, planned, marker };
}

/** Who we are is asked for only where something would be written. */
async function mailsFor(
  { account, sides }: PairContext,
  writes: Write[],
  readings: Readings,
): Promise<MailEstimate[]> {
  const ourNameAt = async (side: Side) =>
    writes.some((write) => write.side === side) && readings[side] ? (await account(side)).name : "";
  return mailsOf(writes, {
    readings,
    ours: { local: await ourNameAt("local"), remote: await ourNameAt("remote") },
    isQuiet: { local: sides.local.isQuiet ?? false, remote: sides.remote.isQuiet ?? false },
  });
}

/**
 * After a connection was pointed elsewhere: an issue there is this pair's only if it carries our marker.
 * If not, the pair ends. False when it did.
 */
async function isVerified(
  { pool }: PairContext,
  pair: PairRow,
  marker: string,
  readings: Readings,
): Promise<boolean> {
  for (const side of ["local", "remote"] as const) {
    // Where it never had an issue there is none that could be another one: its twin is looked for, or made.
    if (!pair.isUnverified[side] || pair.issueId[side] === null) continue;
    const reading = readings[side];
    if (reading && carries(reading, marker)) {
      await verifyPair(pool, pair.id, side);
      // What was written there before we came, whoever did it, is what we start from.
      if (reading.stamp?.write) {
        await isForeignWrite(pool, pair.id, reading.stamp.write);
        pair.foreignWrites.push(reading.stamp.write);
      }
    } else {
      const key = pair.key[side] ?? `issue ${pair.issueId[side]}`;
      await unlinkPair(
        pool,
        pair.id,
        reading
          ? `${key} at the ${side} side does not carry this pair's marker: it is another issue, or it was never written to`
          : `there is no ${key} at the ${side} side that our account may see`,
      );
      return false;
    }
  }
  return true;
}

function carries({ marker, stamp }: IssueReading, ours: string): boolean {
  return marker === ours || stamp?.marker === ours;
}

/** An update that carries our pair's stamp, but is none of ours, was made by another node with our identity. */
async function refuseForeignWrites(
  { pool }: PairContext,
  pair: PairRow,
  marker: string,
  readings: Readings,
): Promise<void> {
  for (const side of ["local", "remote"] as const) {
    const stamp = readings[side]?.stamp;
    if (!stamp?.write || stamp.marker !== marker || pair.foreignWrites.includes(stamp.write))
      continue;
    if (await isForeignWrite(pool, pair.id, stamp.write))
      throw new SyncError(
        "another_node",
        `${readings[side]?.key} was last written by another node with this node's identity, or by this one before the backup that its database came from. Look at both issues, then retry`,
      );
  }
}

async function readBoth(
  context: PairContext,
  pair: PairRow,
  fresh: Partial<Readings>,
  updates: OwnUpdate[],
): Promise<Readings> {
  const read = async (side: Side): Promise<IssueReading | null> => {
    const id = pair.issueId[side];
    if (id === null) return null;
    const reading =
      fresh[side] ??
      (await readIssue(
        context,
        side,
        id,
        updates.some((update) => update.side === side),
      ));
    if (reading || pair.isUnverified[side]) return reading;
    throw new SyncError(
      "issue_gone",
      `${pair.key[side] ?? `issue ${id}`} cannot be read at the ${side} side: it was deleted, or our account may not see it`,
    );
  };
  const [local, remote] = await Promise.all([read("local"), read("remote")]);
  return { local, remote };
}

/** An issue as it is now; `updatedAt` is the moment up to which it is surely known. */
async function readIssue(
  { account, sides }: PairContext,
  side: Side,
  id: string,
  history = false,
): Promise<IssueReading | null> {
  const { clockOffsetMs } = await account(side);
  const begun = Date.now() + clockOffsetMs;
  const reading = await sides[side].readIssue(id, { history });
  return reading && { ...reading, updatedAt: knownUntil(reading.updatedAt, begun) };
}

type Missing = { side: Side; source: IssueReading };

function missingTwin({ local, remote }: Readings): Missing | null {
  if (local && !remote) return { side: "remote", source: local };
  if (remote && !local) return { side: "local", source: remote };
  return null;
}

/**
 * A twin that exists although our database does not know it: noted on its source, or made by a create
 * whose answer nobody recorded. Null when there is none; a number of milliseconds to wait when it is too early to say.
 */
async function findTwin(
  context: PairContext,
  pair: PairRow,
  { side, source }: Missing,
  marker: string,
  loose: LoosePermit[],
): Promise<IssueReading | null | number> {
  const adopt = async (id: string, effect: LoosePermit["intended"]["effect"] = {}) => {
    const reading = await readIssue(context, side, id);
    // A connection that points elsewhere now: another issue may have that id there.
    if (!reading || (pair.isUnverified[side] && !carries(reading, marker))) return null;
    await adoptTwin(context.pool, pair.id, {
      ...effect,
      twin: { side, id: reading.id, key: reading.key },
    });
    return reading;
  };
  if (source.stamp) {
    const stamped = await adopt(source.stamp.twinId);
    if (stamped) return stamped;
  }
  const creates = loose.filter((permit) => permit.kind === "create_issue" && permit.side === side);
  const first = creates[0];
  if (!first) return null;
  const { clockOffsetMs } = await context.account(side);
  const since = new Date(first.grantedAt.getTime() + clockOffsetMs - SEARCH_SLACK_MS);
  const found = (await context.sides[side].createdByUs(since)).find(
    (candidate) => candidate.marker === marker,
  );
  if (found) return adopt(found.id, creates.at(-1)?.intended.effect);
  const waitMs = Math.max(...creates.map((permit) => permit.mayLandMs)) + context.indexLagMs;
  return waitMs > 0 ? waitMs : null;
}

/**
 * Markers are asked for only where a comment could be a mirror that we do not know: one by our own
 * account, or one that an unanswered permit may have left.
 */
async function markersOf(
  context: PairContext,
  side: Side,
  reading: IssueReading | null,
  pair: PairRow,
  loose: LoosePermit[],
): Promise<Map<string, string>> {
  if (!reading || reading.comments.length === 0) return new Map();
  const from = otherSide(side);
  const mirrors = new Set(
    pair.known.filter((known) => known.side === from).map((known) => known.mirrorId),
  );
  const originals = new Set(
    pair.known.filter((known) => known.side === side).map((known) => known.id),
  );
  const unknown = reading.comments.filter(
    (comment) => !mirrors.has(comment.id) && !originals.has(comment.id),
  );
  if (unknown.length === 0) return new Map();
  const isLoose = loose.some((permit) => permit.kind === "add_comment" && permit.side === side);
  const { key } = await context.account(side);
  const isOurs = unknown.some((comment) => comment.authorKey === null || comment.authorKey === key);
  return isLoose || isOurs ? context.sides[side].commentMarkers(reading.id) : new Map();
}

/**
 * The base as it would be had the answers not been lost: where a side shows what an unanswered write of
 * ours intended, that write landed, and the other side was in step with it at what it was made from. A
 * person who then puts the other side back to the old value has changed it.
 */
function landedBase(
  base: PairRow["base"],
  loose: LoosePermit[],
  readings: Readings,
): PairRow["base"] {
  if (!base.local || !base.remote) return base;
  const landed = { local: { ...base.local }, remote: { ...base.remote } };
  for (const { kind, side, intended } of loose) {
    if (kind === "create_issue") continue;
    const { fields = {}, merged = [], source = {}, sources = {} } = intended;
    for (const [field, sent] of Object.entries(fields)) {
      const origin = sources[field] ?? field;
      const [from, now] = [source[origin], readings[side]?.fields[field]];
      if (from === undefined || now === undefined) continue;
      if (merged.includes(field) || !sameValue(sent, now)) continue;
      landed[side][field] = sent;
      landed[otherSide(side)][origin] = from;
    }
  }
  return landed;
}

/**
 * The values that our own unanswered writes may have left on a side, the latest per field. A merged value
 * holds what a person did there: it is merged again instead.
 */
function unconfirmed(loose: LoosePermit[], side: Side): Fields {
  const left: Fields = {};
  for (const permit of loose) {
    if (permit.side !== side || permit.kind === "create_issue") continue;
    const { fields = {}, merged = [] } = permit.intended;
    for (const [field, sent] of Object.entries(fields)) {
      if (merged.includes(field)) delete left[field];
      else left[field] = sent;
    }
  }
  return left;
}

async function timesOf(
  context: PairContext,
  side: Side,
  reading: IssueReading | null,
): Promise<FieldTimes> {
  if (!reading) return {};
  const { clockOffsetMs } = await context.account(side);
  return fieldTimes(await context.sides[side].history(reading.id), clockOffsetMs);
}

/** Edits at a side that our updates since the pair was last in step replaced unseen. */
async function lostAt(
  context: PairContext,
  side: Side,
  reading: IssueReading | null,
  updates: OwnUpdate[],
): Promise<Record<FieldId, LostEdit>> {
  const here = updates.filter((update) => update.side === side);
  if (!reading || here.length === 0) return {};
  const history = reading.history ?? (await context.sides[side].history(reading.id));
  return lostEdits(here, history, await context.account(side), reading.fields);
}

/** The two readings of a pair in step, as `note_reading` keeps them; null while a twin is missing. */
export function readingToKeep(result: Extract<ReadResult, { kind: "planned" }>): object | null {
  const { local, remote } = result.readings;
  if (!local || !remote) return null;
  const side = (reading: IssueReading) => ({
    key: reading.key,
    seenAt: reading.updatedAt,
    fields: reading.fields,
  });
  return {
    local: side(local),
    remote: side(remote),
    summary: summaryOf(result.readings),
    known: result.planned.learned,
    pieces: result.planned.learnedPieces,
  };
}

/** What people call a pair: the local issue's summary, else the remote one's. */
export function summaryOf({ local, remote }: Readings): string {
  const summary = local?.fields.summary ?? remote?.fields.summary;
  return typeof summary === "string" ? summary : "";
}
