"use client";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { PAGES } from "@/components/shell/pages";
import { hear, tell } from "@/components/shell/shell-events";
import { laterDialog } from "@/components/ui/later";
import { isTyping } from "@/components/ui/typing";

const KeysDialog = laterDialog(
  async () => (await import("@/components/shell/keys-dialog")).KeysDialog,
);

/** Between `g` and the page's letter. */
const CHORD_MS = 1_500;

/** The keys that work on every page, and the list of all keys. */
export function ShellKeys() {
  const router = useRouter();
  const [isHelping, setHelping] = useState(false);
  const goUntil = useRef(0);

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
      event.preventDefault();
      if (!document.querySelector("dialog[open]")) tell("palette");
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const page = event.timeStamp < goUntil.current && PAGES.find(({ key }) => key === event.key);
    goUntil.current = 0;
    if (page) router.push(page.href);
    else if (event.key === "g") goUntil.current = event.timeStamp + CHORD_MS;
    else if (event.key === "?") setHelping(true);
    else if (event.key === "/") search();
    else return;
    event.preventDefault();
  });

  // The keys belong to every page, wherever the focus is.
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
  useEffect(() => hear("keys", () => setHelping(true)), []);

  return isHelping ? <KeysDialog onClose={() => setHelping(false)} /> : null;
}

/** The page's own search, or the one for everything. */
function search(): void {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]');
  if (field) field.focus();
  else tell("palette");
}
