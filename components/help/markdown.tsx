import type { Nodes, Root } from "mdast";
import { Fragment, type ReactNode } from "react";

/** A page of ours in Markdown: headings, paragraphs, lists, emphasis, code and links. */
export function Markdown({ tree }: { tree: Root }) {
  return <div className="flex max-w-prose flex-col gap-3">{tree.children.map(block)}</div>;
}

/** A part's identity is its place in the text. */
function keyOf(node: Nodes): string {
  return `${node.position?.start.offset}`;
}

function block(node: Nodes): ReactNode {
  const key = keyOf(node);
  switch (node.type) {
    case "heading":
      return node.depth === 1 ? (
        <h1 key={key} className="text-title font-semibold">
          {inline(node.children)}
        </h1>
      ) : (
        <h2 key={key} className="mt-3 text-large font-semibold">
          {inline(node.children)}
        </h2>
      );
    case "paragraph":
      return <p key={key}>{inline(node.children)}</p>;
    case "list": {
      const List = node.ordered ? "ol" : "ul";
      return (
        <List
          key={key}
          className={`flex flex-col gap-1.5 pl-5 ${node.ordered ? "list-decimal" : "list-disc"}`}
        >
          {node.children.map((item) => (
            <li key={keyOf(item)}>
              {item.children.map((child) =>
                child.type === "paragraph" ? (
                  <Fragment key={keyOf(child)}>{inline(child.children)}</Fragment>
                ) : (
                  block(child)
                ),
              )}
            </li>
          ))}
        </List>
      );
    }
    case "code":
      return (
        <pre key={key} className="overflow-x-auto rounded-control border border-line p-3 font-mono">
          {node.value}
        </pre>
      );
    default:
      return null;
  }
}

function inline(nodes: Nodes[]): ReactNode {
  return nodes.map((node) => {
    const key = keyOf(node);
    switch (node.type) {
      case "text":
        return <Fragment key={key}>{node.value}</Fragment>;
      case "strong":
        return <strong key={key}>{inline(node.children)}</strong>;
      case "emphasis":
        return <em key={key}>{inline(node.children)}</em>;
      case "inlineCode":
        return (
          <code key={key} className="font-mono text-[0.92em]">
            {node.value}
          </code>
        );
      case "link":
        return (
          <a key={key} href={node.url} className="text-link underline">
            {inline(node.children)}
          </a>
        );
      default:
        return null;
    }
  });
}
