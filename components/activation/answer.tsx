import {
  answerHeadline,
  type Answer as Given,
  type Look,
} from "@/components/activation/answer-words";
import { Mark, type MarkName } from "@/components/ui/mark";

const LOOKS: Record<Given["weight"], { mark: MarkName; ground: string; ink: string }> = {
  clear: { mark: "done", ground: "border-line bg-surface", ink: "text-fine" },
  look: { mark: "error", ground: "border-closed-text bg-surface", ink: "text-closed-text" },
  shut: { mark: "failed", ground: "border-error-text bg-error-wash", ink: "text-error-text" },
};

/** The short answer to "may I press it?", with the way to each thing that is behind it. */
export function Answer({ answer }: { answer: Given }) {
  const { mark, ground, ink } = LOOKS[answer.weight];
  return (
    <section
      id="answer"
      aria-label="May it be activated?"
      className={`flex scroll-mt-40 items-start gap-2.5 rounded-panel border px-4 py-3 md:scroll-mt-4 ${ground}`}
    >
      <Mark name={mark} className={`mt-1 size-4 ${ink}`} />
      <div className="min-w-0">
        <p className={`text-large font-semibold ${ink}`} role="status">
          {answerHeadline(answer)}
        </p>
        {answer.weight === "clear" ? (
          <a href="#choose" className="text-link underline">
            Choose and activate
          </a>
        ) : (
          <Looks looks={answer.weight === "look" ? answer.looks : answer.because} />
        )}
      </div>
    </section>
  );
}

function Looks({ looks }: { looks: Look[] }) {
  return (
    <ul className="mt-0.5 flex flex-col">
      {looks.map(({ words, to }) => (
        <li key={`${to} ${words}`}>
          <a href={`#${to}`} className="inline-block py-0.5 underline">
            {words}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** The same answer beside the button, in a line. */
export function ShortAnswer({ answer }: { answer: Given }) {
  const { mark, ink } = LOOKS[answer.weight];
  return (
    <div className="flex items-start gap-2.5">
      <Mark name={mark} className={`mt-0.5 size-4 ${ink}`} />
      <div className="min-w-0">
        <p className={`font-semibold ${ink}`}>
          {answer.weight === "look" ? (
            <a href="#answer" className="underline">
              {answerHeadline(answer)}
            </a>
          ) : (
            answerHeadline(answer)
          )}
        </p>
        {answer.weight === "shut" && <Looks looks={answer.because} />}
      </div>
    </div>
  );
}
