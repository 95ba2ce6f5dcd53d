"use client";
import { useRef, useState } from "react";
import { Mark } from "@/components/ui/mark";

const TYPING_MS = 250;

/** Searches when the typing pauses. The field keeps its own text, so that answers never overtake fingers. */
export function SearchField({
  label,
  placeholder,
  className = "w-full sm:w-64",
  current,
  onSearch,
}: {
  label: string;
  placeholder: string;
  className?: string;
  current: string;
  onSearch: (q: string | undefined) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);

  function type(text: string): void {
    setTyped(text);
    clearTimeout(pause.current);
    pause.current = setTimeout(() => {
      onSearch(text.trim() || undefined);
      setTyped(null);
    }, TYPING_MS);
  }

  return (
    <label className={`relative ${className}`}>
      <span className="sr-only">{label}</span>
      <Mark
        name="search"
        className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-soft"
      />
      <input
        type="search"
        value={typed ?? current}
        placeholder={placeholder}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        className="h-9 w-full rounded-control border border-control bg-surface pr-2 pl-8"
        onChange={(event) => type(event.target.value)}
      />
    </label>
  );
}
