import type { PhrasingContent, Root, RootContent, Table } from "mdast";

/**
 * The neutral form of a text between two markups: mdast, the tree of the Markdown world, with a node for
 * mentions. Its subset here: headings, paragraphs, lists, quotes, code, tables, rules; emphasis, strong,
 * deleted, inline code, links, images, mentions. A line end inside a paragraph is a line end to a reader in
 * all three markups, so it stays in the text.
 */
export type Markup = "jira-wiki" | "textile" | "markdown" | "plain";

/** Somebody addressed by the name that the side's own markup uses. */
export type Mention = { type: "mention"; name: string; data?: undefined; position?: undefined };

declare module "mdast" {
  interface PhrasingContentMap {
    mention: Mention;
  }
  interface RootContentMap {
    mention: Mention;
  }
  interface TableData {
    /** It has no row of headings; Markdown needs one, which is then empty. */
    isHeadless?: boolean;
  }
}

export type Inline = PhrasingContent;
export type Block = RootContent;

export function text(value: string): Inline {
  return { type: "text", value };
}

/** What a reader sees of inline content, without any formatting. */
export function plainText(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.type === "mention") return `@${node.name}`;
      if (node.type === "image") return node.url;
      if (node.type === "break") return "\n";
      if ("children" in node) return plainText(node.children as Inline[]);
      return "value" in node ? node.value : "";
    })
    .join("");
}

/**
 * One spelling for trees that say the same: adjacent texts joined, a list's looseness and a table's
 * alignment left out, line breaks as line ends. Two texts mean the same if this is equal.
 */
export function canonical(root: Root | Block[]): string {
  const blocks = Array.isArray(root) ? root : root.children;
  return JSON.stringify(blocks.map(canonicalNode));
}

/** Whether two texts read the same, however their nodes are cut. */
export function sameInlines(one: readonly Inline[], other: readonly Inline[]): boolean {
  return JSON.stringify(canonicalInlines(one)) === JSON.stringify(canonicalInlines(other));
}

function canonicalNode(node: Block): unknown {
  switch (node.type) {
    case "heading":
      return ["heading", node.depth, canonicalInlines(node.children)];
    case "paragraph":
      return ["paragraph", canonicalInlines(node.children)];
    case "code":
      return ["code", node.lang || null, node.value];
    case "blockquote":
      return ["quote", node.children.map(canonicalNode)];
    case "list":
      return [
        "list",
        node.ordered === true,
        node.children.map((item) => item.children.map(canonicalNode)),
      ];
    case "table":
      return [
        "table",
        isHeadless(node),
        ...node.children.map((row) => row.children.map((cell) => canonicalInlines(cell.children))),
      ];
    case "thematicBreak":
      return ["rule"];
    default:
      return ["value" in node ? node.value : node.type];
  }
}

/** A table whose first row is no heading; Markdown itself knows none. */
export function isHeadless(table: Table): boolean {
  return table.data?.isHeadless === true;
}

function canonicalInlines(nodes: readonly Inline[]): unknown[] {
  const joined: unknown[] = [];
  for (const node of nodes) {
    const next = canonicalInline(node);
    const last = joined.at(-1);
    if (typeof next === "string" && typeof last === "string")
      joined[joined.length - 1] = last + next;
    else if (next !== "") joined.push(next);
  }
  return joined
    .map((entry, index) => {
      if (typeof entry !== "string") return entry;
      const lines = entry.replace(/[ \t]+\n[ \t]*|\n[ \t]+/g, "\n");
      const left = index === 0 ? lines.trimStart() : lines;
      return index === joined.length - 1 ? left.trimEnd() : left;
    })
    .filter((entry) => entry !== "");
}

function canonicalInline(node: Inline): unknown {
  switch (node.type) {
    case "text":
      return node.value;
    case "break":
      return "\n";
    case "inlineCode":
      return ["code", node.value];
    case "link":
      return ["link", node.url, canonicalInlines(node.children)];
    case "image":
      return ["image", node.url];
    case "mention":
      return ["mention", node.name];
    case "strong":
    case "emphasis":
    case "delete":
      return [node.type, canonicalInlines(node.children)];
    default:
      return "value" in node ? node.value : "";
  }
}
