"use client";
import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { PAGES } from "@/components/shell/pages";
import { hear, tell } from "@/components/shell/shell-events";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";
import { isTyping } from "@/components/ui/typing";

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

const EVERYWHERE = [
  ["Ctrl K", "Search or go to"],
  ["/", "Search this page"],
  ["?", "This help"],
  ["Esc", "Close, or clear a selection"],
] as const;
const LISTS = [
  ["j", "Next row"],
  ["k", "Row before"],
  ["Enter", "Open the row"],
  ["x", "Select the row"],
] as const;

function KeysDialog({ onClose }: { onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null);
  return (
    <Dialog ref={ref} title="Keys" onClose={onClose}>
      <div className="grid gap-x-8 gap-y-4 px-5 pt-3 pb-5 sm:grid-cols-2">
        <div className="flex flex-col gap-4">
          <KeyList title="Everywhere" keys={EVERYWHERE} />
          <KeyList title="In the Sync Queue and in Issues" keys={LISTS} />
        </div>
        <KeyList title="Go to" keys={PAGES.map(({ key, name }) => [`g ${key}`, name])} />
      </div>
      <DialogButtons>
        <Button onClick={() => ref.current?.close()}>Close</Button>
      </DialogButtons>
    </Dialog>
  );
}

function KeyList({ title, keys }: { title: string; keys: readonly (readonly [string, string])[] }) {
  return (
    <section>
      <h3 className="mb-2 text-small text-soft">{title}</h3>
      <dl className="grid grid-cols-[4.5rem_1fr] items-center gap-x-3 gap-y-1.5">
        {keys.map(([key, words]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="inline-grid h-6 min-w-6 place-items-center rounded-[4px] border border-control px-1.5 font-mono text-small">
                {key}
              </kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
