"use client";
import { tell } from "@/components/shell/shell-events";
import { Button } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";

/** In the head of every page: what `Ctrl K` does. */
export function PaletteButton() {
  return (
    <Button
      size="small"
      aria-keyshortcuts="Control+K Meta+K"
      className="max-sm:border-transparent"
      onClick={() => tell("palette")}
    >
      <Mark name="search" className="size-4" />
      <span className="max-sm:sr-only">Search or go to</span>
      <kbd className="font-mono text-small text-soft max-lg:hidden">Ctrl K</kbd>
    </Button>
  );
}
