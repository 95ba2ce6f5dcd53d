import type { List, ListItem, PhrasingContent, TableRow } from "mdast";
import { bareAddress } from "@/lib/sync/markup/inline";
import {
  type Block,
  canonical,
  type Inline,
  isHeadless,
  plainText,
  sameInlines,
} from "@/lib/sync/markup/neutral";

type Cells = { cells: string[]; isHeading: boolean };

/** What tells one wiki-like markup from another. Expressions look at one line. */
export type WikiSyntax = {
  inlines: (source: string) => Inline[];
  heading: RegExp;
  quoteLine: RegExp;
  /** Lines of a quote that each begin with a mark, as in a mail. */
  quotePrefix?: RegExp;
  rule: RegExp;
  /** Marks first, then the item's text. The last mark tells the kind, their number the depth. */
  listItem: RegExp;
  fences: { open: RegExp; close: RegExp; kind: "code" | "quote" }[];
  languageOf: (given: string) => string | null;
  /** A table's row; null for any other line. */
  cells: (line: string) => Cells | null;
  print: {
    escape: (value: string) => string;
    mark: (node: "strong" | "emphasis" | "delete", inside: string, isInWord: boolean) => string;
    code: (value: string) => string;
    /** `label` null: the address is its own label. */
    link: (label: string | null, url: string) => string;
    image: (url: string) => string;
    mention: (name: string) => string;
    heading: (depth: number, inside: string) => string;
    quote: (inside: string) => string;
    codeBlock: (value: string, language: string | null) => string;
    rule: string;
    row: (cells: string[], isHeading: boolean) => string;
  };
};

/** A text as blocks. What is not understood is text: nothing is ever lost. */
export function parseBlocks(source: string, syntax: WikiSyntax): Block[] {
  const lines = source.replace(/\r\n?/g, "\n").split("\n");
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const endParagraph = () => {
    const whole = paragraph.map((line) => line.trim()).join("\n");
    if (whole) blocks.push({ type: "paragraph", children: phrasing(syntax.inlines(whole)) });
    paragraph = [];
  };
  const add = (block: Block) => {
    endParagraph();
    blocks.push(block);
  };
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const fenced = readFence(lines, at, syntax);
    if (fenced) {
      add(fenced.block);
      at = fenced.end;
      continue;
    }
    const heading = syntax.heading.exec(line);
    const quote = syntax.quoteLine.exec(line);
    if (line.trim() === "") endParagraph();
    else if (heading)
      add({
        type: "heading",
        depth: Number(heading[1]) as 1,
        children: phrasing(syntax.inlines(heading[2]?.trim() ?? "")),
      });
    else if (syntax.rule.test(line)) add({ type: "thematicBreak" });
    else if (quote) add(quoteOf(quote[1] ?? "", syntax));
    else if (syntax.quotePrefix?.test(line)) {
      const end = endOfRun(lines, at, (next) => syntax.quotePrefix?.test(next) === true);
      const inside = lines.slice(at, end).map((each) => each.replace(syntax.quotePrefix ?? "", ""));
      add(quoteOf(inside.join("\n"), syntax));
      at = end;
      continue;
    } else if (syntax.listItem.test(line)) {
      const { items, end } = readItems(lines, at, syntax);
      endParagraph();
      blocks.push(...listsOf(items, 1, syntax));
      at = end;
      continue;
    } else if (syntax.cells(line)) {
      const end = endOfRun(lines, at, (next) => syntax.cells(next) !== null);
      add(tableOf(lines.slice(at, end), syntax));
      at = end;
      continue;
    } else paragraph.push(line);
    at += 1;
  }
  endParagraph();
  return blocks;
}

function endOfRun(lines: string[], start: number, belongs: (line: string) => boolean): number {
  let end = start;
  while (end < lines.length && belongs(lines[end] ?? "")) end += 1;
  return end;
}

function readFence(
  lines: string[],
  at: number,
  syntax: WikiSyntax,
): { block: Block; end: number } | null {
  for (const { open, close, kind } of syntax.fences) {
    const begin = open.exec(lines[at] ?? "");
    if (!begin) continue;
    const inside: string[] = [];
    for (let index = at; index < lines.length; index++) {
      const line = index === at ? (lines[at] ?? "").slice(begin[0].length) : (lines[index] ?? "");
      const end = close.exec(line);
      inside.push(end ? line.slice(0, end.index) : line);
      if (!end) continue;
      const rest = line.slice(end.index + end[0].length);
      if (rest.trim()) lines[index] = rest;
      const value = inside.join("\n").replace(/^[ \t]*\n|\n[ \t]*$/g, "");
      return {
        block:
          kind === "quote"
            ? quoteOf(value, syntax)
            : { type: "code", lang: syntax.languageOf(begin[1] ?? ""), value },
        end: rest.trim() ? index : index + 1,
      };
    }
  }
  return null;
}

function quoteOf(source: string, syntax: WikiSyntax): Block {
  return { type: "blockquote", children: parseBlocks(source, syntax) as never };
}

type Item = { marks: string; lines: string[] };

/** Lines that follow an item, and are nothing else, belong to it. */
function readItems(
  lines: string[],
  start: number,
  syntax: WikiSyntax,
): { items: Item[]; end: number } {
  const items: Item[] = [];
  let at = start;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const item = syntax.listItem.exec(line);
    if (item) items.push({ marks: item[1] ?? "", lines: [item[2] ?? ""] });
    else if (isPlainLine(line, syntax)) items.at(-1)?.lines.push(line.trim());
    else break;
  }
  return { items, end: at };
}

function isPlainLine(line: string, syntax: WikiSyntax): boolean {
  return (
    line.trim() !== "" &&
    !syntax.heading.test(line) &&
    !syntax.rule.test(line) &&
    !syntax.quoteLine.test(line) &&
    !syntax.quotePrefix?.test(line) &&
    !syntax.cells(line) &&
    !syntax.fences.some(({ open }) => open.test(line))
  );
}

function listsOf(items: Item[], depth: number, syntax: WikiSyntax): List[] {
  const lists: List[] = [];
  for (let at = 0; at < items.length; ) {
    const { marks = "", lines = [] } = items[at] ?? {};
    const isOrdered = (marks[depth - 1] ?? marks.at(-1)) === "#";
    let list = lists.at(-1);
    if (list?.ordered !== isOrdered) {
      list = { type: "list", ordered: isOrdered, spread: false, children: [] };
      lists.push(list);
    }
    const item: ListItem = { type: "listItem", spread: false, children: [] };
    list.children.push(item);
    if (marks.length <= depth) {
      const children = phrasing(syntax.inlines(lines.join("\n").trim()));
      item.children.push({ type: "paragraph", children });
      at += 1;
    }
    const nested = at;
    while (at < items.length && (items[at]?.marks.length ?? 0) > depth) at += 1;
    item.children.push(...listsOf(items.slice(nested, at), depth + 1, syntax));
  }
  return lists;
}

function tableOf(lines: string[], syntax: WikiSyntax): Block {
  const rows = lines.map((line) => syntax.cells(line) ?? { cells: [], isHeading: false });
  return {
    type: "table",
    ...(rows[0]?.isHeading ? {} : { data: { isHeadless: true } }),
    children: rows.map(
      ({ cells }): TableRow => ({
        type: "tableRow",
        children: cells.map((cell) => ({
          type: "tableCell",
          children: phrasing(syntax.inlines(cell)),
        })),
      }),
    ),
  };
}

function phrasing(nodes: Inline[]): PhrasingContent[] {
  return nodes;
}

/**
 * Blocks as text. Each run of inline content is printed lightly first and read again; only where that
 * would say something else are its characters escaped, and only where that does not help either does it
 * lose its formatting. Its words always arrive.
 */
export function printBlocks(blocks: readonly Block[], syntax: WikiSyntax): string {
  return blocks.map((block) => printBlock(block, syntax)).join("\n\n");
}

function printBlock(block: Block, syntax: WikiSyntax): string {
  const { print } = syntax;
  switch (block.type) {
    case "heading":
      return print.heading(block.depth, oneLine(block.children, syntax));
    case "paragraph":
      return printParagraph(block.children, syntax);
    case "code":
      return print.codeBlock(block.value, block.lang ?? null);
    case "blockquote":
      return print.quote(printBlocks(block.children, syntax));
    case "list":
      return printList(block, "", syntax);
    case "table":
      return block.children
        .map((row, index) =>
          print.row(
            row.children.map((cell) => oneLine(cell.children, syntax)),
            index === 0 && !isHeadless(block),
          ),
        )
        .join("\n");
    case "thematicBreak":
      return print.rule;
    default:
      return "value" in block ? String(block.value) : "";
  }
}

function printParagraph(nodes: readonly Inline[], syntax: WikiSyntax): string {
  const wanted = canonical([{ type: "paragraph", children: phrasing([...nodes]) }]);
  return firstThat(nodes, syntax, (printed) => canonical(parseBlocks(printed, syntax)) === wanted);
}

/** Where a line end would end the construct. */
function oneLine(nodes: readonly Inline[], syntax: WikiSyntax): string {
  const printed = firstThat(nodes, syntax, (candidate) =>
    sameInlines(syntax.inlines(candidate), nodes),
  );
  return printed.trim().replace(/\s*\n\s*/g, " ");
}

function printList(list: List, outer: string, syntax: WikiSyntax): string {
  const marks = outer + (list.ordered ? "#" : "*");
  const lines: string[] = [];
  const after: string[] = [];
  for (const { children } of list.children) {
    const paragraphs = children.filter((child) => child.type === "paragraph");
    const inside = paragraphs.map(({ children: nodes }) =>
      firstThat(nodes, syntax, (candidate) => sameInlines(syntax.inlines(candidate), nodes)),
    );
    lines.push(`${marks} ${inside.join("\n").replace(/\n\s*\n/g, "\n")}`);
    for (const child of children)
      if (child.type === "list") lines.push(printList(child, marks, syntax));
      else if (child.type !== "paragraph") after.push(printBlock(child, syntax));
  }
  return [lines.join("\n"), ...after].join("\n\n");
}

type Manner = { isEscaped: boolean; isInWord: boolean };

const MANNERS: readonly Manner[] = [
  { isEscaped: false, isInWord: false },
  { isEscaped: true, isInWord: false },
  { isEscaped: true, isInWord: true },
];

function firstThat(
  nodes: readonly Inline[],
  syntax: WikiSyntax,
  saysTheSame: (printed: string) => boolean,
): string {
  for (const manner of MANNERS) {
    const printed = printInlines(nodes, syntax, manner);
    if (saysTheSame(printed)) return printed;
    // Before a blank a backslash needs none before it, and two of them are a line break.
    const single = printed.replace(/\\\\(?=\s|$)/g, "\\");
    if (single !== printed && saysTheSame(single)) return single;
  }
  return syntax.print.escape(plainText(nodes));
}

function printInlines(nodes: readonly Inline[], syntax: WikiSyntax, manner: Manner): string {
  return nodes.map((node) => printInline(node, syntax, manner)).join("");
}

function printInline(node: Inline, syntax: WikiSyntax, manner: Manner): string {
  const { print } = syntax;
  switch (node.type) {
    case "text":
      return manner.isEscaped ? print.escape(node.value) : node.value;
    case "break":
      return "\n";
    case "strong":
    case "emphasis":
    case "delete":
      return print.mark(node.type, printInlines(node.children, syntax, manner), manner.isInWord);
    case "inlineCode":
      return print.code(node.value);
    case "mention":
      return print.mention(node.name);
    case "image":
      return print.image(node.url);
    case "link": {
      if (plainText(node.children) !== node.url)
        return print.link(printInlines(node.children, syntax, manner), node.url);
      return isBare(node.url) && !manner.isInWord ? node.url : print.link(null, node.url);
    }
    default:
      return "value" in node ? node.value : "";
  }
}

function isBare(url: string): boolean {
  return bareAddress(url, 0, () => [])?.end === url.length;
}
