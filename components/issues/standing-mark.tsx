import { Mark, type MarkName } from "@/components/ui/mark";
import type { Standing } from "@/lib/pairs/pair";

export const STANDING_WORDS: Record<Standing, string> = {
  in_step: "in step",
  waiting: "waiting",
  held: "held",
  failed: "failed",
  different: "left different",
  stopped: "stopped",
};

const MARKS: Record<Standing, MarkName> = {
  in_step: "done",
  waiting: "queued",
  held: "held",
  failed: "failed",
  different: "differs",
  stopped: "gone",
};

/** Colour is spent on what needs a person; what is fine is quiet. */
const COLOURS: Record<Standing, string> = {
  in_step: "text-fine",
  waiting: "text-soft",
  held: "text-ink",
  failed: "text-error-text",
  different: "text-closed-text",
  stopped: "text-soft",
};

export function standingMark(standing: Standing): MarkName {
  return MARKS[standing];
}

/** How a pair stands: always a mark, a word and a colour. */
export function StandingMark({ standing }: { standing: Standing }) {
  return (
    <span
      className={`inline-flex items-center gap-1.5 align-middle whitespace-nowrap ${COLOURS[standing]}`}
    >
      <Mark name={MARKS[standing]} />
      {STANDING_WORDS[standing]}
    </span>
  );
}
