import { environmentKind } from "@/components/shell/environment";
import { readNodeLabel } from "@/lib/data/node-label";
import type { EnvironmentColour } from "@/lib/settings/environment";

export const contentType = "image/svg+xml";

/** Told by outline as well as by colour, since sixteen pixels leave little else. */
const SHAPES = {
  production: `<rect class="ink" width="32" height="32" rx="7"/>`,
  staging: `<defs><pattern id="h" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="9" height="9"/><rect class="hatch" width="4.5" height="9"/></pattern></defs><circle cx="16" cy="16" r="16" fill="url(#h)"/>`,
  doubt: `<rect class="ground edge" x="1.5" y="1.5" width="29" height="29" rx="6" stroke-dasharray="5.5 4.2"/>`,
  other: `<rect class="ground edge" x="1.5" y="1.5" width="29" height="29" rx="6"/>`,
} as const;

const ARROWS = { production: "on-ink", staging: "on-amber", doubt: "edge", other: "edge" } as const;

/** As in globals.css: on light and on dark. */
const COLOURS: Record<EnvironmentColour, [light: string, dark: string]> = {
  violet: ["#6529a9", "#c8adff"],
  magenta: ["#8d1767", "#f99bd1"],
  teal: ["#005f67", "#71cfd9"],
  olive: ["#4e5916", "#b7c86b"],
};

/** A dark strip of tabs would swallow a dark icon: the browser says which it has. */
const STYLE = `
  .ink{fill:#16181d}.ground{fill:#fff}.edge{stroke:#16181d}.on-ink{stroke:#fff}.on-amber{stroke:#1d1405}
  .hatch-ground{fill:#f6c15c}.hatch{fill:#cf8a12}
  @media(prefers-color-scheme:dark){.ink{fill:#f4f5f7}.ground{fill:#16181d}.edge{stroke:#f4f5f7}.on-ink{stroke:#16181d}}`;

/** The tab's icon carries the environment too: solid, hatched, outlined or, in doubt, dashed; read when it is asked for. */
export default async function Icon(): Promise<Response> {
  const { label, colour, isInDoubt } = await readNodeLabel();
  const kind = isInDoubt ? "doubt" : environmentKind(label);
  const drawn =
    kind === "doubt"
      ? "M11.5 12a4.5 4.5 0 1 1 6.6 4c-1.5.8-2.1 1.5-2.1 3m0 5v.1"
      : "M8 12h13l-4-4m7 12H11l4 4";
  const arrows = `<path class="${ARROWS[kind]}" d="${drawn}" fill="none" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round"/>`;
  const style = colour && kind !== "doubt" ? STYLE + inColour(...COLOURS[colour]) : STYLE;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>${style}</style><g stroke-width="3">${SHAPES[kind]}</g>${arrows}</svg>`;
  return new Response(svg, {
    headers: { "Content-Type": contentType, "Cache-Control": "no-cache" },
  });
}

/** After `STYLE`, so that it wins: the ground of production, the hatching of staging, the edge of the others. */
function inColour(light: string, dark: string): string {
  const rules = (colour: string) => `.ink{fill:${colour}}.edge{stroke:${colour}}`;
  const hatching = `.hatch-ground{fill:${dark}}.hatch{fill:${light};fill-opacity:.4}`;
  return `${rules(light)}${hatching}@media(prefers-color-scheme:dark){${rules(dark)}}`;
}
