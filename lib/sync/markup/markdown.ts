import type { Nodes, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown, gfmToMarkdown } from "mdast-util-gfm";
import { toMarkdown } from "mdast-util-to-markdown";
import { gfm } from "micromark-extension-gfm";
import { parseInlines, patternAtWord } from "@/lib/sync/markup/inline";
import { type Block, type Inline, text } from "@/lib/sync/markup/neutral";

const MENTION = patternAtWord(
  /@([\p{L}\p{N}](?:[\p{L}\p{N}_-]*[\p{L}\p{N}])?)(?![\p{L}\p{N}@])/uy,
  ([, name = ""]) => ({ type: "mention", name }),
);
const KNOWN = new Set<Nodes["type"]>([
  "root",
  "paragraph",
  "heading",
  "list",
  "listItem",
  "blockquote",
  "code",
  "table",
  "tableRow",
  "tableCell",
  "thematicBreak",
  "text",
  "strong",
  "emphasis",
  "delete",
  "inlineCode",
  "link",
  "image",
  "break",
  "mention",
]);

/** Markdown with GitHub's additions as the neutral form, and what of it is outside of the subset. */
export function parseMarkdown(source: string): { blocks: Block[]; outside: string[] } {
  const normalised = source.replace(/\r\n?/g, "\n");
  const outside: string[] = [];
  const tree = fromMarkdown(normalised, {
    extensions: [gfm({ singleTilde: false })],
    mdastExtensions: [gfmFromMarkdown()],
  });
  const settle = (node: Nodes, isBlock: boolean): Nodes[] => {
    if (!KNOWN.has(node.type)) {
      const { start, end } = node.position ?? {};
      const value = normalised.slice(start?.offset ?? 0, end?.offset ?? 0);
      outside.push(value);
      return isBlock ? [{ type: "paragraph", children: [{ type: "text", value }] }] : [text(value)];
    }
    if (node.type === "break") return [text("\n")];
    if (node.type === "text") return parseInlines(node.value, [MENTION]);
    if (!("children" in node)) return [node];
    const holdsBlocks =
      node.type === "root" || node.type === "blockquote" || node.type === "listItem";
    const children = (node.children as Nodes[]).flatMap((child) => settle(child, holdsBlocks));
    if (node.type === "listItem" && typeof node.checked === "boolean")
      return [{ ...node, checked: null, children: withBox(node.checked, children) } as Nodes];
    const settled = { ...node, children } as Nodes;
    if (
      settled.type === "table" &&
      settled.children[0]?.children.every((cell) => cell.children.length === 0)
    )
      return [{ ...settled, data: { isHeadless: true }, children: settled.children.slice(1) }];
    return [settled];
  };
  const [root] = settle(tree, false);
  return { blocks: (root as Root).children, outside };
}

/** A task is a line with a box in words: the other markups have none. */
function withBox(isDone: boolean, children: Nodes[]): Nodes[] {
  const [first, ...rest] = children;
  const box = text(isDone ? "[x] " : "[ ] ");
  return first?.type === "paragraph"
    ? [{ ...first, children: [box, ...first.children] }, ...rest]
    : [{ type: "paragraph", children: [box] }, ...children];
}

/** Neutral form to Markdown. A table without a heading gets an empty one, which GitHub's have to have. */
export function printMarkdown(blocks: readonly Block[]): string {
  const children = blocks.map((block): Block => {
    if (block.type !== "table" || !block.data?.isHeadless) return block;
    const width = Math.max(1, ...block.children.map((row) => row.children.length));
    const heading = Array.from({ length: width }, () => ({
      type: "tableCell" as const,
      children: [],
    }));
    return { ...block, children: [{ type: "tableRow", children: heading }, ...block.children] };
  });
  return toMarkdown({ type: "root", children }, {
    extensions: [gfmToMarkdown({ tablePipeAlign: false })],
    bullet: "-",
    emphasis: "_",
    rule: "-",
    fences: true,
    listItemIndent: "one",
    handlers: { mention: (node: Extract<Inline, { type: "mention" }>) => `@${node.name}` },
  } as Parameters<typeof toMarkdown>[1]).trimEnd();
}
