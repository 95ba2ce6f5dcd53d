"use client";
import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { type EarlyKeys, EarlyPalette } from "@/components/palette/early-palette";
import { hear } from "@/components/shell/shell-events";
import { laterDialog } from "@/components/ui/later";

const OpenPalette = laterDialog(
  async () => (await import("@/components/palette/open-palette")).OpenPalette,
  EarlyPalette,
);

/** Where to go and what to do, by typing. Opens on `Ctrl K` and from the head of every page. */
export function Palette({
  canOperate,
  canConnect,
  signOut,
}: {
  canOperate: boolean;
  canConnect: boolean;
  signOut: () => Promise<void>;
}) {
  const [early, setEarly] = useState<EarlyKeys | null>(null);
  // At once: what is typed right after the key belongs into the palette, not to the page behind it.
  useEffect(
    () => hear("palette", () => flushSync(() => setEarly({ typed: "", isEntered: false }))),
    [],
  );
  if (!early) return null;
  return (
    <OpenPalette
      canOperate={canOperate}
      canConnect={canConnect}
      early={early}
      signOut={signOut}
      onClose={() => setEarly(null)}
    />
  );
}
