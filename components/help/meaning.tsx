/** A meaning, with what stands between backticks as code. */
export function Meaning({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text, in its order
      <code key={index} className="font-mono">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
