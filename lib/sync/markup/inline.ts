import { type Inline, text } from "@/lib/sync/markup/neutral";

/** What a rule found: a node, and where the text goes on. */
export type Found = { node: Inline; end: number };
/** Looks for one construct at `at`; null when there is none. `inner` parses what is inside of it. */
export type Rule = (source: string, at: number, inner: (part: string) => Inline[]) => Found | null;

const WORD = /[\p{L}\p{N}]/u;

/** Reads inline content: at each place the first rule that finds something wins; the rest is text. */
export function parseInlines(source: string, rules: readonly Rule[]): Inline[] {
  const nodes: Inline[] = [];
  let plain = "";
  const inner = (part: string) => parseInlines(part, rules);
  for (let at = 0; at < source.length; ) {
    const found = firstFound(source, at, rules, inner);
    if (!found) {
      plain += source[at];
      at += 1;
    } else if (found.node.type === "text") {
      plain += found.node.value;
      at = found.end;
    } else {
      if (plain) nodes.push(text(plain));
      plain = "";
      nodes.push(found.node);
      at = found.end;
    }
  }
  if (plain) nodes.push(text(plain));
  return nodes;
}

function firstFound(
  source: string,
  at: number,
  rules: readonly Rule[],
  inner: (part: string) => Inline[],
): Found | null {
  for (const rule of rules) {
    const found = rule(source, at, inner);
    if (found) return found;
  }
  return null;
}

/** A regular expression with the flag `y`, and what to make of its match. */
export function pattern(
  expression: RegExp,
  make: (match: string[], inner: (part: string) => Inline[]) => Inline | null,
): Rule {
  return (source, at, inner) => {
    expression.lastIndex = at;
    const match = expression.exec(source);
    const node =
      match &&
      make(
        match.map((part) => part ?? ""),
        inner,
      );
    return node ? { node, end: at + match[0].length } : null;
  };
}

/** `pattern`, where no letter or digit stands before. */
export function patternAtWord(...args: Parameters<typeof pattern>): Rule {
  const rule = pattern(...args);
  return (source, at, inner) => (isWord(source[at - 1]) ? null : rule(source, at, inner));
}

/**
 * `*like this*`: the mark has no letter before it and no space after it, its end no space before it and no
 * letter after it, as Jira and Textile both have it. `isEscaped` tells marks that are only characters.
 */
export function phrase(
  mark: string,
  make: (children: Inline[]) => Inline,
  isEscaped: (source: string, at: number) => boolean = () => false,
): Rule {
  return (source, at, inner) => {
    const start = at + mark.length;
    if (!source.startsWith(mark, at) || isWord(source[at - 1]) || isBlank(source[start]))
      return null;
    if (source[start] === mark) return null;
    for (let end = start + 1; end < source.length && source[end] !== "\n"; end++) {
      if (!source.startsWith(mark, end) || isEscaped(source, end)) continue;
      if (isBlank(source[end - 1]) || isWord(source[end + mark.length])) continue;
      return { node: make(inner(source.slice(start, end))), end: end + mark.length };
    }
    return null;
  };
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && WORD.test(character);
}

function isBlank(character: string | undefined): boolean {
  return character === undefined || /\s/.test(character);
}

export const PHRASES = {
  strong: (children: Inline[]): Inline => ({ type: "strong", children }),
  emphasis: (children: Inline[]): Inline => ({ type: "emphasis", children }),
  delete: (children: Inline[]): Inline => ({ type: "delete", children }),
};

/** An address in running text, without the punctuation that follows it. */
export const bareAddress: Rule = patternAtWord(
  /https?:\/\/[^\s<>|[\]{}"]*[^\s<>|[\]{}".,;:!?)'*_]/y,
  ([url = ""]) => ({ type: "link", url, children: [text(url)] }),
);

/** Whether a target may become a link: the web, mail, ftp or a path; never a script. */
export function isAddress(target: string): boolean {
  return /^(https?:\/\/|mailto:|ftp:\/\/|\/)\S+$/.test(target);
}
