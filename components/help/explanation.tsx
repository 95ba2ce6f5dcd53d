"use client";
import { Meaning } from "@/components/help/meaning";
import { Link } from "@/components/ui/link";
import { anchorOf, GLOSSARY, type GlossaryWord } from "@/lib/glossary";

/** A word of ours, what it means, and where the other words are. */
export function Explanation({ word }: { word: GlossaryWord }) {
  return (
    <>
      <strong className="font-semibold">{word}</strong>: <Meaning text={GLOSSARY[word]} />.{" "}
      <Link href={`/help/glossary#${anchorOf(word)}`} className="text-link hover:underline">
        All words
      </Link>
    </>
  );
}
