"use client";
import { type ReactNode, useId } from "react";
import { later } from "@/components/ui/later";
import { Mark } from "@/components/ui/mark";
import type { GlossaryWord } from "@/lib/glossary";

// The words of all pages are many, and read by few.
const Explanation = later(async () => (await import("@/components/help/explanation")).Explanation, {
  Missing: AllWords,
});

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
        <Explanation word={word} />
      </span>
    </>
  );
}

/** Where the meaning did not come: the page that has them all. */
function AllWords() {
  return (
    <a href="/help/glossary" className="text-link hover:underline">
      All words
    </a>
  );
}
