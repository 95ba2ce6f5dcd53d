import type { Stamp } from "@/lib/sync/replica";

// Where Redmine keeps what is ours: a custom field of an issue, and the end of a note's text, which is the
// only place that a note has.

/** The custom field that an administrator makes for us: a text, for all trackers of the project. */
export const MARKER_FIELD = "Exalate marker";

export type Mark = { marker: string; twin: Omit<Stamp, "marker"> | null };

/** "marker", or "marker twin", or "marker twin write". */
export function markText({ marker, twin }: Mark): string {
  return [marker, twin?.twinId, twin?.write].filter((part) => part !== undefined).join(" ");
}

/** Null for an empty field, and for what somebody else may have put there. */
export function readMark(text: string): Mark | null {
  const [marker, twinId, write, ...more] = text.split(" ");
  if (!marker || !/^[0-9a-f]{8}\.\d+\.\d+$/.test(marker) || more.length > 0) return null;
  return { marker, twin: twinId ? { twinId, ...(write ? { write } : {}) } : null };
}

/** Variation selectors: sixteen signs that show nothing where they follow no emoji. */
const FIRST_SIGN = 0xfe00;
const OPENING = "\u2063"; // INVISIBLE SEPARATOR
const TAIL = new RegExp(`\\s*${OPENING}([\\ufe00-\\ufe0f]*)\\s*$`, "u");

/** A note's text with a marker behind it that nobody sees: two signs for each byte. */
export function withMarker(text: string, marker: string): string {
  const signs = [...new TextEncoder().encode(marker)].flatMap((byte) => [byte >> 4, byte & 15]);
  return `${text}\n\n${OPENING}${String.fromCharCode(...signs.map((sign) => FIRST_SIGN + sign))}`;
}

/** A note's text without its marker, and the marker; null for a note that is none of ours. */
export function splitMarker(note: string): { text: string; marker: string | null } {
  const signs = TAIL.exec(note)?.[1];
  if (signs === undefined) return { text: note, marker: null };
  const halves = [...signs].map((sign) => sign.charCodeAt(0) - FIRST_SIGN);
  const bytes = Uint8Array.from({ length: halves.length >> 1 }, (_, index) => {
    return ((halves[2 * index] ?? 0) << 4) | (halves[2 * index + 1] ?? 0);
  });
  return { text: note.replace(TAIL, ""), marker: new TextDecoder().decode(bytes) || null };
}
