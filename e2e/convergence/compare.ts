import { other, type Seen, SIDES, type SideName } from "@/e2e/convergence/seen";

export type Comparison = {
  /** How many values of each kind were compared. */
  compared: Record<string, number>;
  differences: string[];
  /** The issues that belong together. */
  pairs: { local: Seen; remote: Seen }[];
};

export type CompareOptions = {
  /** Pairs that existed before they were connected, by key. Others are found by the note on either of the two. */
  linked: ReadonlyMap<string, string>;
  /** Each local value of a field with its counterpart; a field that is not here has the same value on both sides. */
  counterparts: Record<string, Record<string, string>>;
  /** How what somebody wrote at `side` has to read at the other side. */
  mirror(side: SideName, author: string, body: string): string;
  /** Kinds of pieces that the two do not keep in step. */
  without?: readonly ("files" | "work" | "links" | "parents")[];
};

/**
 * Compares two projects issue by issue: each has exactly one twin, fields are equal, and each comment,
 * file, piece of work and link that somebody made stands at the other side once. What is private is nowhere
 * but at home.
 */
export function compare(local: Seen[], remote: Seen[], options: CompareOptions): Comparison {
  const found: Comparison = { compared: {}, differences: [], pairs: [] };
  const differ = differAt(found);
  const twins = twinsOf(local, remote, options, found);
  const twinIds = {
    local: new Map(twins.map((pair) => [pair.local.id, pair.remote.id])),
    remote: new Map(twins.map((pair) => [pair.remote.id, pair.local.id])),
  };
  for (const pair of twins) {
    const names = `${pair.local.key}, ${pair.remote.key}`;
    for (const [field, here] of Object.entries(pair.local.fields)) {
      const expected = options.counterparts[field]?.[here] ?? here;
      differ(field, names, pair.remote.fields[field], expected);
    }
    for (const side of SIDES) {
      const [from, to] = [pair[side], pair[other(side)]];
      compareComments(from, to, side, options, differ);
      if (!options.without?.includes("files")) compareFiles(from, to, differ);
      if (!options.without?.includes("work")) compareWork(from, to, side, options, differ);
      if (!options.without?.includes("links")) {
        const expected = from.links
          .filter(({ toId }) => twinIds[side].has(toId))
          .map(({ type, toId }) => `${type} ${twinIds[side].get(toId)}`);
        differ("links", `${from.key} at ${to.key}`, lines(to.links.map(asText)), lines(expected));
      }
    }
    if (!options.without?.includes("parents"))
      differ(
        "parent",
        names,
        pair.remote.parentId,
        pair.local.parentId && (twinIds.local.get(pair.local.parentId) ?? null),
      );
  }
  return found;
}

type Differ = (kind: string, where: string, actual: unknown, expected: unknown) => void;

function differAt({ compared, differences }: Comparison): Differ {
  return (kind, where, actual, expected) => {
    compared[kind] = (compared[kind] ?? 0) + 1;
    if (actual !== expected)
      differences.push(
        `${where}: ${kind} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`,
      );
  };
}

function twinsOf(local: Seen[], remote: Seen[], { linked }: CompareOptions, found: Comparison) {
  const byKey = new Map(remote.map((issue) => [issue.key, issue]));
  const byId = new Map(remote.map((issue) => [issue.id, issue]));
  const notedThere = new Map(remote.map((issue) => [issue.twinId ?? "", issue]));
  const taken = new Set<string>();
  for (const issue of local) {
    const twin =
      byKey.get(linked.get(issue.key) ?? "") ??
      byId.get(issue.twinId ?? "") ??
      notedThere.get(issue.id);
    if (!twin) found.differences.push(`${issue.key} has no twin`);
    else if (taken.has(twin.id)) found.differences.push(`${twin.key} is the twin of two issues`);
    else found.pairs.push({ local: issue, remote: twin });
    taken.add(twin?.id ?? "");
  }
  for (const issue of remote)
    if (!taken.has(issue.id)) found.differences.push(`${issue.key} is nobody's twin: a double`);
  found.compared.issues = local.length + remote.length;
  return found.pairs;
}

function compareComments(
  from: Seen,
  to: Seen,
  side: SideName,
  { mirror }: CompareOptions,
  differ: Differ,
) {
  const expected = from.comments
    .filter(({ isOurs, isPrivate }) => !isOurs && !isPrivate)
    .map(({ author, body }) => mirror(side, author, body));
  const actual = to.comments.filter(({ isOurs }) => isOurs).map(({ body }) => body);
  differ(
    "comments in order",
    `${from.key} at ${to.key}`,
    lines(actual, false),
    lines(expected, false),
  );
  const leaked = from.comments
    .filter(({ isPrivate }) => isPrivate)
    .filter(({ body }) => to.comments.some((each) => holds(each.body, body)));
  if (from.comments.some(({ isPrivate }) => isPrivate))
    differ("private comments that left", from.key, leaked.length, 0);
}

function compareFiles(from: Seen, to: Seen, differ: Differ) {
  const expected = from.files.filter(({ isOurs }) => !isOurs).map(fileText);
  const actual = to.files.filter(({ isOurs }) => isOurs).map(fileText);
  differ("files", `${from.key} at ${to.key}`, lines(actual), lines(expected));
}

function compareWork(
  from: Seen,
  to: Seen,
  side: SideName,
  { mirror }: CompareOptions,
  differ: Differ,
) {
  const expected = from.work
    .filter(({ isOurs }) => !isOurs)
    .map(
      ({ day, seconds, author, comment }) => `${day} ${seconds} ${mirror(side, author, comment)}`,
    );
  const actual = to.work
    .filter(({ isOurs }) => isOurs)
    .map(({ day, seconds, comment }) => `${day} ${seconds} ${comment}`);
  differ("work", `${from.key} at ${to.key}`, lines(actual), lines(expected));
}

const fileText = ({ name, bytes }: { name: string; bytes: string }) => `${name} ${bytes}`;
const asText = ({ type, toId }: { type: string; toId: string }) => `${type} ${toId}`;

/** Unordered unless it is said otherwise. */
function lines(texts: string[], sorts = true): string {
  const trimmed = texts.map((text) => text.trimEnd());
  return (sorts ? trimmed.sort() : trimmed).join("\n---\n");
}

/** Whether a text holds another one whole: "comment 18" is not in "comment 1809". */
function holds(text: string, part: string): boolean {
  return text
    .split(part)
    .slice(1)
    .some((rest) => !/^\d/.test(rest));
}
