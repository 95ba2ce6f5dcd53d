import { foldAround, wordDiff } from "@/components/entry/word-diff";

/** Words that go and words that come, told by sign and by colour; unchanged stretches fold away. */
export function TextDifference({ before, after }: { before: string; after: string }) {
  return (
    <div className="break-words whitespace-pre-wrap">
      {foldAround(wordDiff(before, after)).map((part, index) => {
        // The parts of a text have no identity but their place in it.
        const key = `${index}`;
        if (part.kind === "same") return <span key={key}>{part.text}</span>;
        if (part.kind === "added") return <Added key={key}>{part.text}</Added>;
        if (part.kind === "removed") return <Removed key={key}>{part.text}</Removed>;
        return (
          <details key={key} className="group/fold my-0.5">
            <summary className="inline-block rounded-[4px] bg-hover px-1.5 text-small text-soft hover:text-ink group-open/fold:hidden">
              … {part.text.length.toLocaleString("en-GB")} unchanged characters
            </summary>
            {part.text}
          </details>
        );
      })}
    </div>
  );
}

export function Added({ children }: { children: string }) {
  // The sign stands where the words begin, not at the end of the line before them.
  const lineBreaks = /^\s*\n/.exec(children)?.[0] ?? "";
  return (
    <ins className="rounded-[3px] bg-added px-0.5 text-added-text">
      {lineBreaks}
      <span className="font-mono font-semibold select-none">+</span>
      {children.slice(lineBreaks.length)}
    </ins>
  );
}

export function Removed({ children }: { children: string }) {
  return (
    <del className="rounded-[3px] bg-removed px-0.5 text-removed-text">
      <span className="font-mono font-semibold select-none">−</span>
      <span className="line-through decoration-1">{children}</span>
    </del>
  );
}
