import { Added, Removed } from "@/components/entry/text-difference";
import { Moment } from "@/components/ui/moment";
import type { Write } from "@/lib/sync/plan-types";

type PieceWrite = Extract<
  Write,
  { kind: "add_attachment" | "add_worklog" | "update_worklog" | "add_link" }
>;

export function isPieceWrite(write: Write): write is PieceWrite {
  return ["add_attachment", "add_worklog", "update_worklog", "add_link"].includes(write.kind);
}

/** An attachment, worklog or link that will be added there, or a worklog that will be edited. */
export function PieceWriteLine({ write }: { write: PieceWrite }) {
  return (
    <p className="border-t border-line px-4 py-2 break-words text-soft">
      <span className="font-mono font-semibold text-added-text">
        {write.kind === "update_worklog" ? "± " : "+ "}
      </span>
      <PieceWords write={write} />
    </p>
  );
}

function PieceWords({ write }: { write: PieceWrite }) {
  switch (write.kind) {
    case "add_attachment":
      return (
        <>
          Attachment <span className="font-medium text-ink">{write.name}</span>,{" "}
          {sizeWords(write.size)}, by {write.authorName}
        </>
      );
    case "add_link":
      return (
        <>
          Link “{write.type}” to <span className="font-mono text-ink">{write.toKey}</span>
        </>
      );
    case "add_worklog":
      return (
        <>
          <span className="font-medium text-ink">{spentWords(write.seconds)}</span> of work by{" "}
          {write.authorName}, begun <Moment at={write.startedAt} align="start" />
        </>
      );
    case "update_worklog":
      return (
        <>
          Work by {write.authorName}: <Removed>{spentWords(write.before.seconds)}</Removed>{" "}
          <Added>{spentWords(write.seconds)}</Added>, begun{" "}
          <Moment at={write.startedAt} align="start" />
        </>
      );
  }
}

/** "1.4 MB", "830 kB", "12 bytes". */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** "2 h 15 min", "40 min". */
export function spentWords(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}
