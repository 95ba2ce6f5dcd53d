import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJiraWiki } from "@/lib/sync/markup/jira-wiki";
import { parseMarkdown, printMarkdown } from "@/lib/sync/markup/markdown";
import { type Block, canonical, type Inline, type Markup, text } from "@/lib/sync/markup/neutral";
import { parseTextile } from "@/lib/sync/markup/textile";
import { translateMarkup } from "@/lib/sync/markup/translate";

const JIRA = `h2. What happens

The *login* fails with _every_ browser, -not only- one. See {{auth.ts}} and [the manual|https://example.com/manual],
or https://example.com/status. [~ada] knows more.

* first
** nested
* second

# one
# two

{quote}
Somebody said this.
{quote}

{code:java}
if (a < b) { return "*"; }
{code}

||Name||State||
|login|*broken*|
|logout|fine|

!screen.png!

----

The end.`;

const TEXTILE = `h2. What happens

The *login* fails with _every_ browser, -not only- one. See @auth.ts@ and "the manual":https://example.com/manual,
or https://example.com/status. @ada knows more.

* first
** nested
* second

# one
# two

> Somebody said this.

<pre><code class="java">
if (a < b) { return "*"; }
</code></pre>

|_. Name|_. State|
|login|*broken*|
|logout|fine|

!screen.png!

---

The end.`;

const MARKDOWN = `## What happens

The **login** fails with _every_ browser, ~~not only~~ one. See \`auth.ts\` and [the manual](https://example.com/manual),
or <https://example.com/status>. @ada knows more.

- first
  - nested
- second

1. one
2. two

> Somebody said this.

\`\`\`java
if (a < b) { return "*"; }
\`\`\`

| Name | State |
| - | - |
| login | **broken** |
| logout | fine |

![](screen.png)

---

The end.`;

const WRITTEN: Record<Exclude<Markup, "plain">, string> = {
  "jira-wiki": JIRA,
  textile: TEXTILE,
  markdown: MARKDOWN,
};
const MARKUPS = ["jira-wiki", "textile", "markdown"] as const;

function blocksOf(source: string, markup: (typeof MARKUPS)[number]): Block[] {
  if (markup === "markdown") return parseMarkdown(source).blocks;
  return markup === "textile" ? parseTextile(source) : parseJiraWiki(source);
}

for (const from of MARKUPS)
  for (const to of MARKUPS)
    if (from !== to)
      test(`everything of the subset written in ${from} arrives in ${to}`, () => {
        expect(translateMarkup(WRITTEN[from], from, to)).toEqual({
          text: WRITTEN[to],
          verbatim: [],
        });
      });

describe("words arrive as they are", () => {
  test("line ends of a browser become line ends", () => {
    expect(translateMarkup("one\r\ntwo\r\n\r\nthree", "textile", "jira-wiki").text).toBe(
      "one\ntwo\n\nthree",
    );
  });

  test("what means nothing in the one markup is escaped where it would mean something in the other", () => {
    expect(translateMarkup("ask @ada@ or *b*", "plain", "jira-wiki").text).toBe(
      "ask @ada@ or \\*b\\*",
    );
    expect(translateMarkup("{{a}} and @b", "jira-wiki", "textile").text).toBe("@a@ and &#64;b");
    expect(
      translateMarkup("use {code} here\nand * not a list", "plain", "jira-wiki").text,
    ).toContain("{code}");
  });

  test("numbers, dates and names in snake case are no emphasis", () => {
    const source = "a - b - c, 2026-11-25, snake_case_name, 2*3*4";
    for (const to of ["textile", "markdown"] as const)
      expect(translateMarkup(source, "jira-wiki", to).text.replace(/\\/g, "")).toBe(source);
  });

  test("a line that looks like a list in the other markup stays a line", () => {
    const there = translateMarkup("- one\n+ two", "textile", "jira-wiki").text;
    expect(canonical(parseJiraWiki(there))).toBe(canonical(parseTextile("- one\n+ two")));
  });

  test("between two sides of one markup a text stays as it is, line ends included, but for the names of people", () => {
    const names = (name: string) => (name === "ada" ? "a.lovelace" : null);
    const same = (text: string) => translateMarkup(text, "jira-wiki", "jira-wiki", names).text;
    expect(same("one\r\n*two* h1. {x}\r\n")).toBe("one\r\n*two* h1. {x}\r\n");
    expect(same("[~ada], not ada, and [~bob]")).toBe("[~a.lovelace], not ada, and bob");
    expect(translateMarkup("@ada, @adam", "textile", "textile", names).text).toBe(
      "@a.lovelace, adam",
    );
  });

  test("a person who is unknown there is named, but not addressed", () => {
    const names = (name: string) => (name === "ada" ? "ada.l" : null);
    expect(translateMarkup("[~ada] and [~bob]", "jira-wiki", "textile", names).text).toBe(
      "@ada.l and bob",
    );
  });
});

describe("what is outside of the subset travels verbatim and is listed", () => {
  test("Jira's colours, panels, underlines and attachments", () => {
    const source = "{color:red}hot{color} and +new+ [^log.txt]";
    expect(translateMarkup(source, "jira-wiki", "textile")).toEqual({
      text: source,
      verbatim: ["{color:red}", "{color}", "+new+", "[^log.txt]"],
    });
  });

  test("Redmine's macros and wiki links", () => {
    const { verbatim } = translateMarkup("{{toc}} and [[Home]]", "textile", "jira-wiki");
    expect(verbatim).toEqual(["{{toc}}", "[[Home]]"]);
  });

  test("HTML and footnotes of Markdown", () => {
    const source = "press <kbd>x</kbd>\n\n<details>more</details>";
    const { text: there, verbatim } = translateMarkup(source, "markdown", "jira-wiki");
    expect(there).toBe(source);
    expect(verbatim).toEqual(["<kbd>", "</kbd>", "<details>more</details>"]);
  });

  test("and comes home unchanged", () => {
    const source = "{panel:title=x}\nhot {color:red}iron{color}\n{panel}";
    const there = translateMarkup(source, "jira-wiki", "textile").text;
    expect(translateMarkup(there, "textile", "jira-wiki").text).toBe(source);
  });
});

const WORDS = fc
  .stringMatching(/^[A-Za-z0-9 ,.()'/:;-]{1,12}$/)
  .filter((word) => word.trim() !== "");
const NASTY = fc.stringMatching(/^[ -~äß]{1,16}$/).filter((word) => word.trim() !== "");
const SIMPLE = fc.stringMatching(/^[a-z]{1,8}( [a-z]{1,8})?$/);
const INLINE: fc.Arbitrary<Inline> = fc.oneof(
  { weight: 4, arbitrary: SIMPLE.map(text) },
  SIMPLE.map((word): Inline => ({ type: "strong", children: [text(word)] as never })),
  SIMPLE.map((word): Inline => ({ type: "emphasis", children: [text(word)] as never })),
  SIMPLE.map((word): Inline => ({ type: "delete", children: [text(word)] as never })),
  SIMPLE.map((value): Inline => ({ type: "inlineCode", value })),
  SIMPLE.map((name): Inline => ({ type: "mention", name: name.replace(" ", "") })),
  SIMPLE.map(
    (label): Inline => ({
      type: "link",
      url: "https://example.com/a",
      children: [text(label)] as never,
    }),
  ),
  SIMPLE.map((name): Inline => ({ type: "image", url: `${name.replace(" ", "-")}.png` })),
);
/** Runs of words and phrases with blanks between them, as people write them. */
const INLINES = fc
  .array(INLINE, { minLength: 1, maxLength: 5 })
  .map(
    (nodes) =>
      nodes.flatMap((node, index) => (index === 0 ? [node] : [text(" "), node])) as never[],
  );
const PARAGRAPH: fc.Arbitrary<Block> = INLINES.map((children) => ({ type: "paragraph", children }));
const LIST: fc.Arbitrary<Block> = fc
  .record({ ordered: fc.boolean(), items: fc.array(INLINES, { minLength: 1, maxLength: 3 }) })
  .map(({ ordered, items }) => ({
    type: "list",
    ordered,
    spread: false,
    children: items.map((children) => ({
      type: "listItem",
      spread: false,
      children: [{ type: "paragraph", children }],
    })),
  }));
const BLOCK: fc.Arbitrary<Block> = fc.oneof(
  PARAGRAPH,
  LIST,
  fc
    .record({ depth: fc.constantFrom(1, 2, 3, 4, 5, 6), children: INLINES })
    .map(({ depth, children }): Block => ({ type: "heading", depth: depth as 1, children })),
  SIMPLE.map((value): Block => ({ type: "code", lang: "java", value })),
  PARAGRAPH.map((paragraph): Block => ({ type: "blockquote", children: [paragraph as never] })),
  fc.array(INLINES, { minLength: 2, maxLength: 2 }).map(
    (cells): Block => ({
      type: "table",
      children: [0, 1].map(() => ({
        type: "tableRow",
        children: cells.map((children) => ({ type: "tableCell", children })),
      })),
    }),
  ),
);
/** Two lists or quotes after each other are one in every markup. */
const DOCUMENT = fc
  .array(BLOCK, { minLength: 1, maxLength: 5 })
  .map((blocks) =>
    blocks.flatMap((block, index) =>
      index === 0 ? [block] : [{ type: "thematicBreak" } as Block, block],
    ),
  );

describe("any text", () => {
  test.for(["-:-)\\", "-:-)\n\\", "-:-) \\\nb", "-:-)\\\\\\"])(
    "that has a backslash before a blank keeps it: doubled it would be a line break (%j)",
    (source) => {
      const there = translateMarkup(source, "markdown", "jira-wiki").text;
      expect(canonical(blocksOf(there, "jira-wiki"))).toBe(canonical(blocksOf(source, "markdown")));
    },
  );

  for (const from of MARKUPS)
    for (const to of MARKUPS)
      if (from !== to) {
        test(`of the subset keeps its meaning from ${from} to ${to}`, () => {
          fc.assert(
            fc.property(DOCUMENT, (document) => {
              const source = translateMarkup(printMarkdown(document), "markdown", from).text;
              const there = translateMarkup(source, from, to).text;
              expect(canonical(blocksOf(there, to))).toBe(canonical(blocksOf(source, from)));
            }),
          );
        });

        test(`settles between ${from} and ${to}: a second round trip changes nothing`, () => {
          fc.assert(
            fc.property(
              fc.array(fc.oneof(WORDS, NASTY), { minLength: 1, maxLength: 4 }),
              (lines) => {
                const go = (source: string) => translateMarkup(source, from, to).text;
                const round = (there: string) => go(translateMarkup(there, to, from).text);
                const settled = round(go(lines.join("\n")));
                expect(round(settled)).toBe(settled);
              },
            ),
            { numRuns: 300 },
          );
        });
      }

  test("never loses a word", () => {
    fc.assert(
      fc.property(
        fc.array(NASTY, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(...MARKUPS),
        fc.constantFrom(...MARKUPS),
        (lines, from, to) => {
          const there = translateMarkup(lines.join("\n"), from, to).text;
          for (const word of lines.join(" ").match(/[A-Za-zäß]{2,}/g) ?? [])
            expect(there).toContain(word);
        },
      ),
      { numRuns: 500 },
    );
  });
});
