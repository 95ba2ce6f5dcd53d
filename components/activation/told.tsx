import { withMoments } from "@/components/gate/phrase-words";
import { Phrases } from "@/components/gate/phrases";

/** One of two values that people compare, part of a `dl`. */
export function Told({
  name,
  value,
  isLoud = false,
  isNameHidden = false,
}: {
  name: string;
  value: string | null;
  isLoud?: boolean;
  isNameHidden?: boolean;
}) {
  return (
    <div className="min-w-0">
      <dt className={isNameHidden ? "sr-only" : "text-small text-soft"}>{name}</dt>
      <dd
        className={`font-mono [overflow-wrap:anywhere] ${isLoud ? "font-semibold text-error-text" : ""}`}
      >
        {value === null || value === "" ? (
          <span className="font-sans font-normal text-soft italic">not known</span>
        ) : (
          <Phrases of={withMoments(value)} />
        )}
      </dd>
    </div>
  );
}
