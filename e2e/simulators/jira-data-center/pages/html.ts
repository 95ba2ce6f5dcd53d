import { escapeHtml } from "@/e2e/simulators/jira-data-center/beans";

/** HTML that is safe to show. Everything put into the template is escaped unless it is one itself. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | Part[] | string | number | null | false;

export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(
    strings.reduce((before, string, index) => before + shown(parts[index - 1] ?? null) + string),
  );
}

function shown(part: Part): string {
  if (part === null || part === false) return "";
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(shown).join("");
  return escapeHtml(String(part));
}

/** A select box of words. */
export function choice(name: string, words: string[], chosen: string): Html {
  return html`<select name="${name}">${words.map(
    (word) => html`<option ${word === chosen && new Html("selected")}>${word}</option>`,
  )}</select>`;
}
