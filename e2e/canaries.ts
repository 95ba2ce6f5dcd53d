/** A text that must not get out, by what it is. */
export type Canaries = Record<string, string>;

/** Where something was said, and all of it. */
export type Place = { place: string; text: string };

/** Each canary that a place gives away, in whatever form: `place: which`. */
export function givenAway(places: Place[], canaries: Canaries): string[] {
  const forms = Object.entries(canaries).map(([name, text]) => ({ name, forms: formsOf(text) }));
  return places.flatMap(({ place, text }) =>
    forms
      .filter(({ forms }) => forms.some((form) => text.includes(form)))
      .map(({ name }) => `${place}: ${name}`),
  );
}

/** How a text may travel: as it is, in an address, in JSON, in hexadecimal, and in base64 wherever it stands in it. */
export function formsOf(text: string): string[] {
  if (text.length < 8) throw new Error(`too short to be told from chance: ${text}`);
  const bytes = Buffer.from(text);
  const inBase64 = [0, 1, 2].flatMap((before) => {
    // The first and the last letter hold bits of the neighbours.
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const from = Math.ceil((before * 8) / 6);
    const own = whole.slice(from, Math.floor(((before + bytes.length) * 8) / 6));
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
  return [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    bytes.toString("hex"),
    ...inBase64,
  ];
}
