"use client";
import { useState } from "react";
import { Button } from "@/components/ui/button";

/** A secret that is shown now and never again. */
export function ShownOnce({ what, value }: { what: string; value: string }) {
  const [isCopied, setIsCopied] = useState(false);
  return (
    <div role="status" className="flex flex-col gap-2 rounded-control border border-control p-3">
      <p>
        {what} <span className="font-medium">It is shown this once.</span>
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <code className="min-w-0 flex-1 rounded-control bg-canvas px-2 py-1 font-mono break-all select-all">
          {value}
        </code>
        <Button
          size="small"
          onClick={() =>
            navigator.clipboard.writeText(value).then(
              () => setIsCopied(true),
              () => setIsCopied(false),
            )
          }
        >
          {isCopied ? "Copied" : "Copy"}
        </Button>
      </div>
    </div>
  );
}
