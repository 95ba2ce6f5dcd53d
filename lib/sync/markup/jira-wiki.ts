import {
  bareAddress,
  isAddress,
  PHRASES,
  parseInlines,
  pattern,
  patternAtWord,
  phrase,
  type Rule,
} from "@/lib/sync/markup/inline";
import { type Block, type Inline, text } from "@/lib/sync/markup/neutral";
import { parseBlocks, type WikiSyntax } from "@/lib/sync/markup/wiki";

const isEscaped = (source: string, at: number) => source[at - 1] === "\\";

/** Jira's editor writes marks inside of words in braces: `a{*}b{*}c`. */
function braced(mark: string, make: (children: Inline[]) => Inline): Rule {
  const quoted = `\\{\\${mark}\\}`;
  return pattern(
    new RegExp(`${quoted}(?=\\S)([^\\n]*?\\S)${quoted}`, "y"),
    ([, inside = ""], inner) => make(inner(inside)),
  );
}

const RULES: readonly Rule[] = [
  pattern(/\\\\(?=\s|$)/y, () => text("\n")),
  pattern(/\\([*_\-+^~!?{}[\]|\\#&@])/y, ([, character = ""]) => text(character)),
  pattern(/\{\{([^\n]+?)\}\}/y, ([, value = ""]) => ({ type: "inlineCode", value })),
  pattern(/\[~([^\]\s|]+)\]/y, ([, name = ""]) => ({ type: "mention", name })),
  pattern(/\[([^\]|\n]+)\|([^\]|\s]+)\]/y, ([, label = "", url = ""], inner) =>
    isAddress(url) ? { type: "link", url, children: inner(label) } : null,
  ),
  pattern(/\[([^\]|\s]+)\]/y, ([, url = ""]) =>
    isAddress(url) ? { type: "link", url, children: [text(url)] } : null,
  ),
  patternAtWord(/!([^\s!|][^!|\n]*\.\w{2,5})(?:\|[^!\n]*)?!(?![\p{L}\p{N}])/uy, ([, url = ""]) => ({
    type: "image",
    url,
  })),
  bareAddress,
  braced("*", PHRASES.strong),
  braced("_", PHRASES.emphasis),
  braced("-", PHRASES.delete),
  phrase("*", PHRASES.strong, isEscaped),
  phrase("_", PHRASES.emphasis, isEscaped),
  phrase("-", PHRASES.delete, isEscaped),
];

const MARKS = { strong: "*", emphasis: "_", delete: "-" } as const;

export const jiraWiki: WikiSyntax = {
  inlines: (source) => parseInlines(source, RULES),
  heading: /^\s*h([1-6])\.\s+(.*)$/,
  quoteLine: /^\s*bq\.\s+(.*)$/,
  rule: /^\s*-{4,5}\s*$/,
  listItem: /^\s*([*#]+|-)\s+(.*)$/,
  fences: [
    { open: /^\s*\{code(?::([^}\n]*))?\}/, close: /\{code\}/, kind: "code" },
    { open: /^\s*\{noformat(?::[^}\n]*)?\}/, close: /\{noformat\}/, kind: "code" },
    { open: /^\s*\{quote\}/, close: /\{quote\}/, kind: "quote" },
  ],
  languageOf: (given) => given.split("|").find((part) => part && !part.includes("=")) ?? null,
  cells: (line) => splitCells(line),

  print: {
    escape: (value) =>
      value.replace(/[*_\-+^~!?{}[\]|\\#]/g, "\\$&").replace(/(^|\n)(h[1-6]|bq)\./g, "$1$2\\."),
    mark: (node, inside, isInWord) => {
      const mark = MARKS[node];
      return isInWord ? `{${mark}}${inside}{${mark}}` : `${mark}${inside}${mark}`;
    },
    code: (value) => `{{${value}}}`,
    link: (label, url) => (label === null ? `[${url}]` : `[${label}|${url}]`),
    image: (url) => `!${url}!`,
    mention: (name) => `[~${name}]`,
    heading: (depth, inside) => `h${depth}. ${inside}`,
    quote: (inside) => `{quote}\n${inside}\n{quote}`,
    codeBlock: (value, language) =>
      value.includes("{code}")
        ? `{noformat}\n${value}\n{noformat}`
        : `{code${language ? `:${language}` : ""}}\n${value}\n{code}`,
    rule: "----",
    row: (cells, isHeading) =>
      isHeading ? `||${cells.map(orBlank).join("||")}||` : `|${cells.map(orBlank).join("|")}|`,
  },
};

function orBlank(cell: string): string {
  return cell === "" ? " " : cell;
}

/** Bars inside of links, code and after a backslash belong to their cell. */
function splitCells(line: string): { cells: string[]; isHeading: boolean } | null {
  const trimmed = line.trim();
  if (!/^\|.*\|$/.test(trimmed) || trimmed.length < 3) return null;
  const isHeading = trimmed.startsWith("||");
  const bar = isHeading ? 2 : 1;
  const inside = trimmed.slice(bar, trimmed.endsWith("||") && isHeading ? -2 : -1);
  const cells: string[] = [];
  let cell = "";
  for (let at = 0; at < inside.length; at++) {
    const whole = /^(?:\\.|\[[^\]]*\]|\{\{.*?\}\}|![^!\s][^!]*!)/.exec(inside.slice(at))?.[0];
    if (whole) {
      cell += whole;
      at += whole.length - 1;
    } else if (inside.startsWith("|".repeat(bar), at)) {
      cells.push(cell.trim());
      cell = "";
      at += bar - 1;
    } else cell += inside[at];
  }
  return { cells: [...cells, cell.trim()], isHeading };
}

/** Jira's wiki markup as the neutral form. */
export function parseJiraWiki(source: string): Block[] {
  return parseBlocks(source, jiraWiki);
}
