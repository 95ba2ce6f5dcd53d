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
import { type Block, text } from "@/lib/sync/markup/neutral";
import { parseBlocks, type WikiSyntax } from "@/lib/sync/markup/wiki";

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' };

const RULES: readonly Rule[] = [
  pattern(/&(amp|lt|gt|quot|#\d{2,5});/y, ([, name = ""]) =>
    text(
      name.startsWith("#") ? String.fromCodePoint(Number(name.slice(1))) : (ENTITIES[name] ?? ""),
    ),
  ),
  pattern(/<notextile>(.*?)<\/notextile>/y, ([, value = ""]) => text(value)),
  pattern(/<code>([^\n]+?)<\/code>/y, ([, value = ""]) => ({ type: "inlineCode", value })),
  patternAtWord(/@(\S(?:[^\n@]*[^\s@])?)@(?![\p{L}\p{N}])/uy, ([, value = ""]) => ({
    type: "inlineCode",
    value,
  })),
  patternAtWord(/@([\p{L}\p{N}](?:[\p{L}\p{N}._-]*[\p{L}\p{N}])?)(?!@)/uy, ([, name = ""]) => ({
    type: "mention",
    name,
  })),
  patternAtWord(/"([^"\n]+)":([^\s<>|"]*[^\s<>|".,;:!?)])/y, ([, label = "", url = ""], inner) =>
    isAddress(url) ? { type: "link", url, children: inner(label) } : null,
  ),
  patternAtWord(/!([^\s!(){}|]+\.\w{2,5})(?:\([^)\n]*\))?!(?![\p{L}\p{N}])/uy, ([, url = ""]) => ({
    type: "image",
    url,
  })),
  bareAddress,
  phrase("*", PHRASES.strong),
  phrase("_", PHRASES.emphasis),
  phrase("-", PHRASES.delete),
];

const MARKS = { strong: "*", emphasis: "_", delete: "-" } as const;

/** Textile as Redmine renders it: line ends are line ends, quotes also by `>`, characters by entity. */
export const textile: WikiSyntax = {
  inlines: (source) => parseInlines(source, RULES),
  heading: /^h([1-6])\.\s+(.*)$/,
  quoteLine: /^bq\.\s+(.*)$/,
  quotePrefix: /^>[ \t]?/,
  rule: /^-{3,}\s*$/,
  listItem: /^([*#]+)\s+(.*)$/,
  fences: [
    {
      open: /^\s*<pre><code(?:\s+class="([\w+#-]+)")?>/,
      close: /<\/code>\s*<\/pre>/,
      kind: "code",
    },
    { open: /^\s*<pre>/, close: /<\/pre>/, kind: "code" },
  ],
  languageOf: (given) => given.replace(/^(?:language-|syntaxhl\s+)/, "") || null,
  cells(line) {
    const trimmed = line.trim();
    if (!/^\|.*\|$/.test(trimmed) || trimmed.length < 3) return null;
    const cells = trimmed.slice(1, -1).split("|");
    const isHeading = cells.every((cell) => cell.startsWith("_."));
    return { cells: cells.map((cell) => (isHeading ? cell.slice(2) : cell).trim()), isHeading };
  },

  print: {
    escape: (value) =>
      value
        .replace(/[&<>"*_@!|#-]/g, (character) => `&#${character.codePointAt(0)};`)
        .replace(/(^|\n)(h[1-6]|bq)\./g, "$1$2&#46;")
        .replace(/(https?):\/\//g, "$1&#58;//"),
    mark: (node, inside) => `${MARKS[node]}${inside}${MARKS[node]}`,
    code: (value) => (/@|^\s|\s$/.test(value) ? `<code>${value}</code>` : `@${value}@`),
    link: (label, url) => `"${label ?? url}":${url}`,
    image: (url) => `!${url}!`,
    mention: (name) => `@${name}`,
    heading: (depth, inside) => `h${depth}. ${inside}`,
    quote: (inside) => inside.replace(/^/gm, "> ").replace(/^> $/gm, ">"),
    codeBlock: (value, language) =>
      language
        ? `<pre><code class="${language}">\n${value}\n</code></pre>`
        : `<pre>\n${value}\n</pre>`,
    rule: "---",
    row: (cells, isHeading) =>
      `|${cells.map((cell) => (isHeading ? `_. ${cell}` : cell === "" ? " " : cell)).join("|")}|`,
  },
};

/** Redmine's Textile as the neutral form. */
export function parseTextile(source: string): Block[] {
  return parseBlocks(source, textile);
}
