/** Text with the parts that carry the message, and moments that the reader's zone decides. */
export type Phrase =
  | string
  | { strong: string }
  | { code: string }
  /** The time of day. */
  | { time: string }
  /** The time of day, to the second. */
  | { second: string }
  /** How long ago. */
  | { age: string }
  /** How long ago, in seconds as long as they matter. */
  | { lately: string };

const ISO_MOMENT = /(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))/;

/** A sentence of the server, with the moments in it told in the reader's zone. */
export function withMoments(text: string): Phrase[] {
  return text
    .split(ISO_MOMENT)
    .map((part, index): Phrase => (index % 2 === 1 ? { time: part } : part))
    .filter((part) => part !== "");
}

/** What it says, without a reader's zone. */
export function plainText(phrases: readonly Phrase[]): string {
  return phrases
    .map((phrase) => (typeof phrase === "string" ? phrase : Object.values(phrase).join("")))
    .join("");
}
