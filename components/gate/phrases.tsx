import type { Phrase } from "@/components/gate/phrase-words";
import { Address } from "@/components/ui/address";
import { Moment } from "@/components/ui/moment";

/** A sentence, with its moments in the reader's zone. */
export function Phrases({ of: phrases }: { of: readonly Phrase[] }) {
  return phrases.map((phrase, index) => {
    // A sentence's parts have no identity but their place in it.
    const key = `${index}`;
    if (typeof phrase === "string") return <span key={key}>{phrase}</span>;
    if ("strong" in phrase)
      return (
        <strong key={key} className="font-semibold">
          {phrase.strong}
        </strong>
      );
    if ("code" in phrase)
      return (
        <code key={key} className="font-mono">
          <Address of={phrase.code} />
        </code>
      );
    if ("time" in phrase) return <Moment key={key} at={phrase.time} as="clock" align="start" />;
    if ("second" in phrase)
      return <Moment key={key} at={phrase.second} as="second" align="start" />;
    if ("lately" in phrase)
      return <Moment key={key} at={phrase.lately} as="lately" align="start" />;
    return <Moment key={key} at={phrase.age} align="start" />;
  });
}
