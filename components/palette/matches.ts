/** Something to go to or to do. `words`: other names that people may look for it by. */
export type PaletteItem = {
  id: string;
  group: "Pages" | "Actions" | "Connections" | "Issues" | "Help";
  name: string;
  hint?: string | undefined;
  words?: string;
  target: { href: string } | { act: () => void };
};

const GROUPS: PaletteItem["group"][] = ["Pages", "Actions", "Connections", "Issues", "Help"];

/**
 * The items that match what was typed, best first within their group, and the groups with the best first.
 * Each typed word must begin a word of the item, or stand in its name.
 */
export function paletteMatches(items: readonly PaletteItem[], typed: string): PaletteItem[] {
  const asked = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = items.flatMap((item) => {
    const score = scoreOf(item, asked);
    return score === null ? [] : [{ item, score }];
  });
  const bestOf = (group: string) =>
    Math.max(...scored.filter(({ item }) => item.group === group).map(({ score }) => score));
  const order = GROUPS.filter((group) => scored.some(({ item }) => item.group === group)).toSorted(
    (a, b) => bestOf(b) - bestOf(a),
  );
  return order.flatMap((group) =>
    scored
      .filter(({ item }) => item.group === group)
      .toSorted((a, b) => b.score - a.score)
      .map(({ item }) => item),
  );
}

/** Higher is better; null: does not match. */
function scoreOf({ name, words = "", hint = "" }: PaletteItem, asked: string[]): number | null {
  let score = 0;
  const own = name.toLowerCase();
  const others = `${words} ${hint}`.toLowerCase();
  for (const word of asked) {
    if (own.startsWith(word)) score += 4;
    else if (wordsOf(own).some((each) => each.startsWith(word))) score += 3;
    else if (own.includes(word)) score += 2;
    else if (wordsOf(others).some((each) => each.startsWith(word))) score += 1;
    else return null;
  }
  return score;
}

function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

/** Whether somebody looks for an issue by its key: "ACME-7" at Jira, "#7" at Redmine. */
export function isIssueKey(typed: string): boolean {
  return /^(?:[a-z][a-z0-9_]*-|#)\d+$/i.test(typed);
}
