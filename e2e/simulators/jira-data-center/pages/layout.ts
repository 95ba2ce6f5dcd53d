import type { Answer } from "@/e2e/simulators/jira-data-center/call";
import { Html, html } from "@/e2e/simulators/jira-data-center/pages/html";

export type Tab = "Issues" | "Writes received" | "Faults" | "Instance";

/** `base` is where the pages of this simulator begin, e.g. "/jira/__simulator/". */
export function page(
  name: string,
  base: string,
  tab: Tab,
  title: string,
  body: Html,
  head = html``,
): Answer {
  const heading = `${name} — Jira Data Center simulator`;
  const links: [Tab, string][] = [
    ["Issues", ""],
    ["Writes received", "received"],
    ["Faults", "troubles"],
    ["Instance", "instance"],
  ];
  const text = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<base href="${base}">
<title>${title} · ${heading}</title>
${head}
<style>${new Html(STYLE)}</style>
</head>
<body>
<header><h1>${heading}</h1>
<nav aria-label="Simulator">${links.map(
    ([label, href]) =>
      html`<a href="${base}${href}" ${label === tab && new Html('aria-current="page"')}>${label}</a>`,
  )}</nav></header>
<main>${body}</main>
</body></html>`;
  return { status: 200, html: text.text };
}

/** Why something that was done on a page did not work. */
export function problemPage(status: number, body: unknown): Answer {
  const text = html`<!doctype html><html lang="en"><head><title>Not possible</title><style>${new Html(STYLE)}</style></head>
<body><main><h1>That was not possible</h1><pre>${JSON.stringify(body, null, 2)}</pre><p>Go back and try again.</p></main></body></html>`;
  return { status, html: text.text };
}

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d8dbe2, #3a3f4b); --soft: light-dark(#f5f6f8, #1d2027);
  --quiet: light-dark(#5b6270, #a4abb8); --accent: light-dark(#0b57c9, #8ab4ff); --ink: light-dark(#1c2027, #e7e9ee); }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#fff, #14161b); color: var(--ink); }
header { padding: .75rem 1.5rem 0; background: var(--soft); border-bottom: 1px solid var(--line); }
h1 { margin: 0; font-size: 1.1rem; } h2 { font-size: 1.25rem; margin: 0 0 .5rem; } h3 { font-size: 1rem; margin: 1.75rem 0 .5rem; }
nav a { display: inline-block; padding: .5rem 0; margin-right: 1.25rem; text-decoration: none; color: inherit; border-bottom: 2px solid transparent; }
nav a[aria-current] { border-color: var(--accent); color: var(--accent); }
main { padding: 1.25rem 1.5rem 3rem; max-width: 76rem; }
a { color: var(--accent); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--quiet); font-weight: 500; white-space: nowrap; } td { overflow-wrap: anywhere; }
input, select, textarea, button { font: inherit; color: var(--ink); background: light-dark(#fff, #1d2027); border: 1px solid var(--line); border-radius: 5px; padding: .3rem .55rem; }
textarea { width: 100%; min-height: 5rem; } button { cursor: pointer; background: var(--soft); } button.main { background: light-dark(#0b57c9, #2f6fdd); border-color: transparent; color: #fff; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
table + form { margin-top: 1rem; } form.row { display: flex; gap: .5rem; flex-wrap: wrap; align-items: end; margin: 0 0 1rem; } form.grid { display: grid; gap: .75rem; max-width: 44rem; }
label { display: grid; gap: .15rem; color: var(--quiet); } label.inline { display: flex; gap: .4rem; align-items: center; }
.chip { display: inline-block; padding: 0 .5rem; border: 1px solid var(--line); border-radius: 99px; white-space: nowrap; } .quiet { color: var(--quiet); }
.comment { max-width: 44rem; border: 1px solid var(--line); border-radius: 6px; padding: .5rem .75rem; margin: .5rem 0; white-space: pre-wrap; }
code, pre { font: 13px/1.4 ui-monospace, monospace; } pre { white-space: pre-wrap; margin: .25rem 0; } summary { cursor: pointer; }
`;
