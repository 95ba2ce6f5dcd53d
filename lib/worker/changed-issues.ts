import type { ChangedIssue, OpenSide } from "@/lib/connectors/connector";

const MINUTE_MS = 60_000;
/** A bound on one poll; the next goes on from where this one came to. */
const MOST_PAGES = 500;
/** A minute that still moves after so many passes is looked at again by the next poll. */
const MOST_PASSES = 20;

/**
 * Gives every issue that changed at or after `since` to `take`, page by page, each state of an issue
 * once. A search knows minutes only, and its pages shift while issues change. So each page moves the
 * search on to the last minute seen; inside one minute it pages on, and repeats the minute until a pass
 * finds nothing new. `take` returns whether to go on.
 *
 * Returns null when everything was given, else the moment up to which it was.
 */
export async function giveChangedIssues(
  side: OpenSide,
  since: Date,
  which: "trigger" | "project",
  take: (issues: ChangedIssue[]) => Promise<boolean>,
): Promise<Date | null> {
  const given = new Set<string>();
  let minute = minuteOf(since);
  let startAt = 0;
  let passes = 0;
  let newInPass = 0;
  let hasPaged = false;

  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const { issues, total } = await side.changedSince(new Date(minute), startAt, which);
    const fresh = issues.filter((issue) => !given.has(stateOf(issue)));
    for (const issue of fresh) given.add(stateOf(issue));
    newInPass += fresh.length;
    if (!(await take(fresh))) return new Date(minute);

    const last = issues.at(-1);
    const lastMinute = last ? minuteOf(new Date(last.updatedAt)) : minute;
    const isEnd = startAt + issues.length >= total || issues.length === 0;
    if (!isEnd && lastMinute <= minute) {
      startAt += issues.length;
      hasPaged = true;
      continue;
    }
    // What changed meanwhile left this minute, and what stood behind it moved up, past our page.
    if (hasPaged && newInPass > 0) {
      if (++passes > MOST_PASSES) return new Date(minute);
    } else if (isEnd) {
      return null;
    } else {
      minute = lastMinute;
      passes = 0;
      hasPaged = false;
    }
    startAt = 0;
    newInPass = 0;
  }
  return new Date(minute);
}

function stateOf({ id, updatedAt }: ChangedIssue): string {
  return `${id} ${updatedAt}`;
}

function minuteOf(at: Date): number {
  return Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS;
}
