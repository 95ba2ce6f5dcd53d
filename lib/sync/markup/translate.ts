import { jiraWiki, parseJiraWiki } from "@/lib/sync/markup/jira-wiki";
import { parseMarkdown, printMarkdown } from "@/lib/sync/markup/markdown";
import { type Block, type Inline, type Markup, text } from "@/lib/sync/markup/neutral";
import { parseTextile, textile } from "@/lib/sync/markup/textile";
import { printBlocks } from "@/lib/sync/markup/wiki";

export type Translated = {
  text: string;
  /** What the subset does not know: it travels as the characters it is written in. */
  verbatim: string[];
};

/** The name that a person has in the other side's markup; null when there is nobody to name. */
export type NameThere = (name: string) => string | null;

const OUTSIDE: Record<"jira-wiki" | "textile", RegExp> = {
  "jira-wiki":
    /\{[a-z]+(?::[^}\n]*)?\}|\[\^[^\]\n]+\]|\[#[^\]\n]+\]|(?<![\p{L}\p{N}])(?:\+\S[^+\n]*\+|\?\?\S[^?\n]*\?\?|\^\S[^^\n]*\^|~\S[^~\n]*~)(?![\p{L}\p{N}])/gu,
  textile:
    /\{\{[a-z_]+(?:\([^)\n]*\))?\}\}|\[\[[^\]\n]+\]\]|%\{[^%\n]*%|(?<![\p{L}\p{N}])(?:\+\S[^+\n]*\+|\?\?\S[^?\n]*\?\?|\^\S[^^\n]*\^|~\S[^~\n]*~)(?![\p{L}\p{N}])|^p[<>=({[][^\n]*?\.\s/gmu,
};

/**
 * A text of one side in the other side's markup. Headings, lists, emphasis, code, quotes, links, tables,
 * mentions and images are translated; everything else travels as it is written, and is listed. Line ends
 * come out as `\n`. Between two sides of one markup a text stays as it is, but for the names of people.
 * Never throws, and never loses a word.
 */
export function translateMarkup(
  source: string,
  from: Markup,
  to: Markup,
  nameThere: NameThere = (name) => name,
): Translated {
  if (from === to) return { text: renamed(source, from, nameThere), verbatim: [] };
  if (to === "plain") return { text: source, verbatim: [] };
  const normalised = source.replace(/\r\n?/g, "\n");
  const { blocks, outside } = parse(normalised, from);
  const named = blocks.map((block) => withNames(block, nameThere));
  return { text: print(named, to), verbatim: outside };
}

function renamed(source: string, markup: Markup, nameThere: NameThere): string {
  const isJira = markup === "jira-wiki";
  return mentionsIn(source, markup).reduce((text, name) => {
    const there = nameThere(name);
    if (there === name) return text;
    const quoted = name.replace(/[.*+?^${}()|[\]\\-]/g, "\\$&");
    const token = isJira ? `\\[~${quoted}\\]` : `(?<![\\p{L}\\p{N}])@${quoted}(?![\\p{L}\\p{N}@])`;
    const instead = there === null ? name : isJira ? `[~${there}]` : `@${there}`;
    return text.replace(new RegExp(token, "gu"), () => instead);
  }, source);
}

function parse(source: string, from: Markup): { blocks: Block[]; outside: string[] } {
  if (from === "markdown") return parseMarkdown(source);
  if (from === "plain") return { blocks: paragraphs(source), outside: [] };
  const blocks = from === "jira-wiki" ? parseJiraWiki(source) : parseTextile(source);
  return { blocks, outside: textsOf(blocks).flatMap((each) => each.match(OUTSIDE[from]) ?? []) };
}

function print(blocks: readonly Block[], to: Exclude<Markup, "plain">): string {
  if (to === "markdown") return printMarkdown(blocks);
  return printBlocks(blocks, to === "jira-wiki" ? jiraWiki : textile);
}

function paragraphs(source: string): Block[] {
  return source
    .split(/\n{2,}/)
    .filter((part) => part.trim() !== "")
    .map((part) => ({ type: "paragraph", children: [text(part)] }));
}

function textsOf(nodes: readonly (Block | Inline)[]): string[] {
  return nodes.flatMap((node) => {
    if (node.type === "text") return [node.value];
    return "children" in node ? textsOf(node.children as Block[]) : [];
  });
}

/** Everybody whom a text addresses, each once. */
export function mentionsIn(source: string, markup: Markup): string[] {
  // Most texts address nobody, and each is looked through whenever its issue is read.
  if (!source.includes(markup === "jira-wiki" ? "[~" : "@")) return [];
  const found = new Set<string>();
  const look = (nodes: readonly (Block | Inline)[]) => {
    for (const node of nodes)
      if (node.type === "mention") found.add(node.name);
      else if ("children" in node) look(node.children as Block[]);
  };
  look(parse(source.replace(/\r\n?/g, "\n"), markup).blocks);
  return [...found];
}

/** Somebody without a counterpart is named, but not addressed: the name may be somebody else's there. */
function withNames<Node extends Block | Inline>(node: Node, nameThere: NameThere): Node {
  if (node.type === "mention") {
    const name = nameThere(node.name);
    return (name === null ? text(node.name) : { ...node, name }) as Node;
  }
  if (!("children" in node)) return node;
  const children = (node.children as Inline[]).map((child) => withNames(child, nameThere));
  return { ...node, children } as Node;
}
