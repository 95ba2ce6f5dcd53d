import { Mark, type MarkName } from "@/components/ui/mark";
import type { Direction } from "@/lib/sync-queue/row";

const MARKS: Record<Direction, MarkName> = {
  to_remote: "toRemote",
  to_local: "toLocal",
  both: "both",
};

export const DIRECTION_WORDS: Record<Direction, string> = {
  to_remote: "to remote",
  to_local: "to local",
  both: "both ways",
};

/** Where an entry would be written. */
export function DirectionMark({
  direction,
  withWords = true,
}: {
  direction: Direction;
  withWords?: boolean;
}) {
  const words = DIRECTION_WORDS[direction];
  return (
    <span
      className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap text-soft"
      title={withWords ? undefined : words}
    >
      <Mark name={MARKS[direction]} className="size-4" />
      <span className={withWords ? "" : "sr-only"}>{words}</span>
    </span>
  );
}
