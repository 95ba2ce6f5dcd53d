import { withMoments } from "@/components/gate/phrase-words";
import { Address } from "@/components/ui/address";
import { Moment } from "@/components/ui/moment";

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
      <dd className={`font-mono ${isLoud ? "font-semibold text-error-text" : ""}`}>
        {value === null || value === "" ? (
          <span className="font-sans font-normal text-soft italic">not known</span>
        ) : (
          withMoments(value).map((part) =>
            typeof part === "string" ? (
              <Address key={part} of={part} />
            ) : (
              "time" in part && <Moment key={part.time} at={part.time} as="clock" align="start" />
            ),
          )
        )}
      </dd>
    </div>
  );
}
