import { environmentKind } from "@/components/shell/environment";
import { readNodeLabel } from "@/lib/data/node-label";

export const contentType = "image/svg+xml";

const BACKGROUNDS = {
  production: `<rect width="32" height="32" rx="7" fill="#16181d"/>`,
  staging: `<defs><pattern id="h" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" fill="#f2b84b"/><rect width="3.5" height="7" fill="#d9951c"/></pattern></defs><rect width="32" height="32" rx="7" fill="url(#h)"/>`,
  other: `<rect x="1.5" y="1.5" width="29" height="29" rx="6" fill="#fff" stroke="#16181d" stroke-width="3"/>`,
} as const;

const INK = { production: "#fff", staging: "#1d1405", other: "#16181d" } as const;

/** The tab's icon carries the environment too: solid, hatched or outlined, read when the node runs. */
export default async function Icon(): Promise<Response> {
  const kind = environmentKind(await readNodeLabel());
  const arrows = `<path d="M7 11h14l-4-4m8 14H11l4 4" fill="none" stroke="${INK[kind]}" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${BACKGROUNDS[kind]}${arrows}</svg>`;
  return new Response(svg, {
    headers: { "Content-Type": contentType, "Cache-Control": "no-cache" },
  });
}
