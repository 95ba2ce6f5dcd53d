import { Mark } from "@/components/ui/mark";
import type { Check } from "@/lib/connections/setup";

const STATES = {
  fine: { mark: "done", word: "fine", colour: "text-fine" },
  doubtful: { mark: "error", word: "look at this", colour: "text-closed-text" },
  wrong: { mark: "failed", word: "does not work", colour: "text-error-text" },
  unknown: { mark: "gone", word: "not known", colour: "text-soft" },
} as const;

/** What was tried at an instance, what came back, and what to do about it. */
export function Checks({ checks }: { checks: Check[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {checks.map(({ id, what, state, said, advice }) => {
        const { mark, word, colour } = STATES[state];
        return (
          <li key={id} className="flex gap-2">
            <span className={`mt-0.5 ${colour}`}>
              <Mark name={mark} className="size-4" />
            </span>
            <p className="min-w-0 break-words">
              <span className="font-medium">{what}</span>
              <span className="sr-only">, {word}</span>
              {": "}
              {said}
              {advice && <span className="block text-soft">{advice}</span>}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
