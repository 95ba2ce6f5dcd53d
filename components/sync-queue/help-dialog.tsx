"use client";
import { useRef } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";

const KEYS = [
  ["/", "Search"],
  ["j", "Next row"],
  ["k", "Row before"],
  ["Enter", "Open the entry"],
  ["x", "Select the row"],
  ["Esc", "Clear the selection, or close a dialog"],
  ["?", "This help"],
] as const;

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const ref = useRef<HTMLDialogElement>(null);
  return (
    <Dialog ref={ref} title="Keys" onClose={onClose} width="max-w-sm">
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 px-5 pt-3 pb-5">
        {KEYS.map(([key, words]) => (
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
      <DialogButtons>
        <Button onClick={() => ref.current?.close()}>Close</Button>
      </DialogButtons>
    </Dialog>
  );
}
