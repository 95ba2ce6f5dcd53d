import { environmentKind } from "@/components/shell/environment";
import { readNodeLabel } from "@/lib/data/node-label";

export const contentType = "image/svg+xml";

/** Told by outline as well as by colour, since sixteen pixels leave little else. */
const SHAPES = {
  production: `<rect class="ink" width="32" height="32" rx="7"/>`,
  staging: `<defs><pattern id="h" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="9" height="9" fill="#f6c15c"/><rect width="4.5" height="9" fill="#cf8a12"/></pattern></defs><circle cx="16" cy="16" r="16" fill="url(#h)"/>`,
  doubt: `<rect class="ground edge" x="1.5" y="1.5" width="29" height="29" rx="6" stroke-dasharray="5.5 4.2"/>`,
  other: `<rect class="ground edge" x="1.5" y="1.5" width="29" height="29" rx="6"/>`,
} as const;

const ARROWS = { production: "on-ink", staging: "on-amber", doubt: "edge", other: "edge" } as const;

/** A dark strip of tabs would swallow a dark icon: the browser says which it has. */
const STYLE = `
  .ink{fill:#16181d}.ground{fill:#fff}.edge{stroke:#16181d}.on-ink{stroke:#fff}.on-amber{stroke:#1d1405}
  @media(prefers-color-scheme:dark){.ink{fill:#f4f5f7}.ground{fill:#16181d}.edge{stroke:#f4f5f7}.on-ink{stroke:#16181d}}`;

/** The tab's icon carries the environment too: solid, hatched, outlined or, in doubt, dashed; read when it is asked for. */
export default async function Icon(): Promise<Response> {
  const { label, isInDoubt } = await readNodeLabel();
  const kind = isInDoubt ? "doubt" : environmentKind(label);
  const drawn =
    kind === "doubt"
      ? "M11.5 12a4.5 4.5 0 1 1 6.6 4c-1.5.8-2.1 1.5-2.1 3m0 5v.1"
      : "M8 12h13l-4-4m7 12H11l4 4";
  const arrows = `<path class="${ARROWS[kind]}" d="${drawn}" fill="none" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>${STYLE}</style><g stroke-width="3">${SHAPES[kind]}</g>${arrows}</svg>`;
  return new Response(svg, {
    headers: { "Content-Type": contentType, "Cache-Control": "no-cache" },
  });
}
