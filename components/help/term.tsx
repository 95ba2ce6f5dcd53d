"use client";
import Link from "next/link";
import { type ReactNode, useId } from "react";
import { Mark } from "@/components/ui/mark";
import { anchorOf, GLOSSARY, type GlossaryWord } from "@/lib/glossary";

/** A word of ours in a sentence, with its meaning one press away. */
export function Term({ word, children }: { word: GlossaryWord; children: ReactNode }) {
  return (
    <Explained
      word={word}
      className="cursor-help rounded-[4px] underline decoration-control decoration-dotted underline-offset-4"
    >
      {children}
    </Explained>
  );
}

/** The same beside a title. */
export function Help({ word }: { word: GlossaryWord }) {
  return (
    <Explained
      word={word}
      className="grid size-6 cursor-help place-items-center rounded-full text-soft hover:bg-hover hover:text-ink"
    >
      <Mark name="help" className="size-4" />
      <span className="sr-only">What is meant by {word}?</span>
    </Explained>
  );
}

function Explained({
  word,
  className,
  children,
}: {
  word: GlossaryWord;
  className: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <>
      <button type="button" popoverTarget={id} className={className}>
        {children}
      </button>
      <span
        id={id}
        popover="auto"
        className="menu menu-start w-72 rounded-panel border border-line bg-raised p-3 text-left text-base font-normal text-ink shadow-raised"
      >
        <strong className="font-semibold">{word}</strong>: <Meaning text={GLOSSARY[word]} />.{" "}
        <Link href={`/help/glossary#${anchorOf(word)}`} className="text-link hover:underline">
          All words
        </Link>
      </span>
    </>
  );
}

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
