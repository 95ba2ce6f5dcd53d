"use client";
import { useRef } from "react";
import { PAGES } from "@/components/shell/pages";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";

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

/** Every key that works, and where. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
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
