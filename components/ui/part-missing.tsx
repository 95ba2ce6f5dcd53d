import { useState } from "react";
import { Button } from "@/components/ui/button";

/** In the place of a part that could not be fetched; of one that opens over the page, at the page's edge. */
export function PartMissing({
  again,
  onClose,
}: {
  again: () => Promise<void>;
  onClose?: () => void;
}) {
  const [isTrying, setTrying] = useState(false);
  return (
    <div
      role="alert"
      className={`flex flex-col items-start gap-3 px-4 py-3 ${onClose ? "fixed right-4 bottom-16 z-40 max-w-md rounded-panel border border-line bg-raised shadow-raised" : ""}`}
    >
      <p className="font-medium text-error-text">This part of the page could not be fetched.</p>
      <p className="max-w-prose text-soft">
        The console did not answer, or it was upgraded since this page was opened: then the page has
        to be loaded again. What you typed on it stays until you do.
      </p>
      <div className="flex flex-wrap gap-2">
        {onClose && <Button onClick={onClose}>Close</Button>}
        <Button onClick={() => window.location.reload()}>Load the page again</Button>
        <Button
          look="primary"
          disabled={isTrying}
          onClick={async () => {
            setTrying(true);
            await again();
            setTrying(false);
          }}
        >
          {isTrying ? "Trying…" : "Try again"}
        </Button>
      </div>
    </div>
  );
}

/** While what was asked for is on its way; seen only when that takes noticeably long. */
export function OneMoment() {
  return (
    <p
      role="status"
      className="appears-late fixed right-4 bottom-16 z-40 rounded-panel bg-ink px-4 py-3 text-on-ink shadow-raised"
    >
      One moment…
    </p>
  );
}
