import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Page,
  type Request,
} from "@playwright/test";
import { PAGES } from "@/components/shell/pages";
import { type Cable, openCable } from "@/e2e/chaos/cable";
import { everyPage, type Ids } from "@/e2e/every-page";
import { fill, freePort, type Line, PACE, startLine, until, untilDrained } from "@/e2e/line";
import { makeNodeFolder } from "@/e2e/node-folder";
import { sessionCookieOf } from "@/e2e/session-cookie";
import { invite } from "@/lib/access/people-store";
import { createToken } from "@/lib/access/token-store";
import { createConnection, createInstance } from "@/lib/connections/connection-store";
import { connectionInput, instanceInput } from "@/lib/connections/schema";
import { connectPool, connectPrisma, type Db } from "@/lib/db/database";
import { startEmbedded } from "@/lib/db/embedded";
import { findChromium } from "@/scripts/checks/chromium";
import { startNode } from "@/scripts/node";

const FOLDER = "test-results/screens";
const WIDTHS = [1280, 390];
/** Of a page with something in it, tablets and large screens as well. */
const FULL_WIDTHS = [1920, 1280, 768, 390];
const THEMES = ["light", "dark"] as const;
/** A page that is longer is cut in its picture. */
const MOST_HEIGHT = 1_800;
const OPEN_PAGES = ["/sign-in", "/welcome", "/invited", "/docs/api"];
/** `npm run screens -- /settings`: only pages whose address begins like that. */
const ONLY = process.argv[2] ?? "/";
const BY = "ada@example.com";

type Shot = { page: string; state: string; width: number; theme: string; file: string };

const shots: Shot[] = [];
const findings: string[] = [];

/**
 * Pictures of every page, in the states that it can be in, at two widths or four and in both themes: one
 * sheet for each page and one of them all, for somebody to look at. What a program can see is printed besides: what
 * sticks out to the right, what axe finds, what the browser complains of.
 */
async function main(): Promise<void> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const folder = makeNodeFolder("screens");
  process.env.DATA_DIR = folder;
  const database = await startEmbedded(folder);
  const direct = Number(new URL(database.url).port);
  const cable = await openCable(() => direct);
  const cabled = new URL(database.url);
  cabled.port = String(cable.port);
  const port = await freePort();
  const node = await startNode({
    env: {
      ...(process.env as Record<string, string>),
      ...PACE,
      DATA_DIR: folder,
      DATABASE_URL: cabled.href,
      PORT: String(port),
      CONSOLE_URL: `http://localhost:${port}`,
      WORKERS: "1",
    },
    print: () => undefined,
  });
  const db = connectPrisma(database.url);
  const pool = connectPool(database.url);
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  let line: Line | undefined;
  try {
    const key = Buffer.from(PACE.SECRET_KEY, "base64");
    const as = async (cookie: string) => contextWith(browser, node.consoleUrl, cookie);
    const administrator = await as(await sessionCookieOf(db, key));
    const nobody = await browser.newContext({ baseURL: node.consoleUrl });
    for (const path of OPEN_PAGES) await shoot(nobody, path, "signed out");
    for (const path of consolePages({})) await shoot(administrator, path, "empty");

    line = await startLine(db, database.url, { pairs: 12 });
    const ids = await makeFull(db, line, () => untilDrained(pool));
    for (const path of consolePages(ids)) await shoot(administrator, path, "full");
    const viewer = await as(await sessionCookieOf(db, key, "viewer"));
    for (const path of consolePages(ids)) await shoot(viewer, path, "viewer");
    for (const each of PAGES) await shootLoading(administrator, each, cable);
    const open = await administrator.newPage();
    await open.goto("/");
    cable.refuse(true);
    cable.cut();
    await shootLost(open);
    for (const path of ["/", "/sync-queue", "/settings"])
      await shoot(administrator, path, "no database");
    cable.refuse(false);
    await makeSheets(browser);
  } finally {
    await browser.close();
    await line?.stop();
    await pool.end();
    await db.$disconnect();
    await node.stop();
    await cable.close();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  console.info(`${shots.length} pictures: ${join(FOLDER, "index.html")}`);
  for (const finding of new Set(findings)) console.info(finding);
}

function consolePages(ids: Ids): string[] {
  return everyPage({ ...ids, "help/errors": "conflict" }).filter(
    (path) => !OPEN_PAGES.includes(path),
  );
}

async function contextWith(browser: Browser, url: string, cookie: string): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: url });
  const [name = "", value = ""] = cookie.split(/=(.*)/s);
  await context.addCookies([{ name, value, url }]);
  return context;
}

/** Issues in step, edits that wait, a conflict, a held entry, a connection that has stopped, and people. */
async function makeFull(db: Db, line: Line, drained: () => Promise<void>): Promise<Ids> {
  await db.connection.updateMany({ data: { policy: "hold" } });
  await line.activate();
  await drained();
  const ours = line.production.as("ada-token");
  const theirs = line.partner.as("eve-token");
  await ours.editIssue("PROD-9", { summary: "The login page forgets the language" });
  await until("a change has arrived", async () => (await db.permit.count()) > 0);
  await drained();
  await line.deactivate();
  await ours.editIssue("PROD-1", {
    summary: "Login fails after the update for everybody whose password has an umlaut in it",
    labels: ["urgent", "login"],
  });
  await theirs.editIssue("ACME-1", { summary: "Login fails since Tuesday" });
  for (const number of [2, 3, 4, 5])
    await ours.editIssue(`PROD-${number}`, {
      summary: `Report ${number} is empty on the first day of a month`,
      description: "It was right in May.\n\nSince June the report has a heading and no lines.",
    });
  await ours.createIssue({ project: "PROD", summary: "Export of invoices as PDF" });
  const broken = await createInstance(
    db,
    instanceInput.parse({ name: "Supplier", baseUrl: "http://127.0.0.1:9", token: "none" }),
    BY,
  );
  await fill(line.partner, "SUP", ["New"], ["P1"], 0).catch(() => undefined);
  await createConnection(
    db,
    connectionInput.parse({
      name: "Supplier of the long name that somebody gave it in a hurry",
      local: { instance: "Production", project: "PROD" },
      remote: { instance: broken.id, project: "SUP" },
    }),
    BY,
  );
  await invite(db, { name: "Mia", email: "mia@example.com", role: "operator", by: BY });
  await createToken(db, { name: "the pipeline", role: "operator", days: 90, by: BY });
  await until("planned entries", async () => {
    const entries = await db.queueEntry.findMany();
    return entries.length >= 6 && entries.every((each) => each.plannedVersion === each.version);
  });
  await until("the stopped connection", async () => {
    return (await db.connection.count({ where: { errorCode: { not: null } } })) > 0;
  });
  const held = await db.queueEntry.findFirstOrThrow({ where: { pair: { localKey: "PROD-5" } } });
  await db.queueEntry.update({ where: { id: held.id }, data: { state: "held" } });
  const entry = await db.queueEntry.findFirstOrThrow({ where: { pair: { localKey: "PROD-1" } } });
  return { "sync-queue": entry.id, issues: entry.pairId, connections: line.connectionId };
}

async function shoot(context: BrowserContext, path: string, state: string): Promise<void> {
  if (!path.startsWith(ONLY)) return;
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" && state !== "no database")
      findings.push(`${path}, ${state}: the browser says ${message.text().slice(0, 200)}`);
  });
  await page.goto(path);
  await page
    .waitForFunction(() => document.querySelector("[aria-busy=true], .skeleton") === null, null, {
      timeout: 5_000,
    })
    .catch(() => undefined);
  await picture(page, path, state);
  await page.close();
}

/** What stands there until the page has come: the database takes its time. */
async function shootLoading(
  context: BrowserContext,
  { href: path, name }: { href: string; name: string },
  cable: Cable,
): Promise<void> {
  if (!path.startsWith(ONLY)) return;
  const page = await context.newPage();
  // What is shown at once is what the browser fetched when it saw the link.
  const isShell = (request: Request) =>
    new URL(request.url()).pathname === path &&
    "next-router-prefetch" in request.headers() &&
    !("next-router-segment-prefetch" in request.headers());
  const fetched = page
    .waitForEvent("requestfinished", { predicate: isShell, timeout: 10_000 })
    .catch(() => undefined);
  await page.goto(path === "/" ? "/help/glossary" : "/");
  await fetched;
  cable.goDead();
  await page.getByRole("link", { name, exact: true }).first().click();
  await page
    .locator(".skeleton")
    .first()
    .waitFor({ timeout: 10_000 })
    .catch(() => undefined);
  await picture(page, path, "loading");
  cable.revive();
  await page.close();
}

/** A page that was open when the database went. */
async function shootLost(page: Page): Promise<void> {
  await page.getByText("does not answer").first().waitFor({ timeout: 60_000 });
  await picture(page, "/", "database lost");
  await page.close();
}

async function picture(page: Page, path: string, state: string): Promise<void> {
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    for (const width of state === "full" ? FULL_WIDTHS : WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      const { height, misfits } = await page.evaluate(measured);
      await page.setViewportSize({ width, height: Math.min(height, MOST_HEIGHT) });
      for (const misfit of misfits) findings.push(`${path}, ${state}, ${width}: ${misfit}`);
      const file = `${`${path}-${state}-${width}-${theme}`.replace(/[^\w-]+/g, "_")}.png`;
      await page.screenshot({ path: join(FOLDER, file) });
      shots.push({ page: path, state, width, theme, file });
    }
    // So long, and of such like parts, that it takes a minute; another test looks at it part by part.
    if (path === "/docs/api") continue;
    const { violations } = await new AxeBuilder({ page }).analyze();
    for (const { id, nodes } of violations)
      findings.push(`${path}, ${state}, ${theme}: ${id} at ${nodes[0]?.html.slice(0, 200)}`);
  }
}

/** Runs in the page: how tall it is, also where it scrolls within itself, and what does not fit into its place. */
function measured(): { height: number; misfits: string[] } {
  const root = document.documentElement;
  const main = document.querySelector("main");
  const hidden = main ? main.scrollHeight - main.clientHeight : 0;
  const misfits: string[] = [];
  const wide = Math.max(
    root.scrollWidth - window.innerWidth,
    main ? main.scrollWidth - main.clientWidth : 0,
  );
  if (wide > 0) misfits.push(`sticks out by ${wide} px`);
  for (const table of document.querySelectorAll("main table")) {
    if (table.closest(".sr-only, .overflow-x-auto")) continue;
    const over =
      table.getBoundingClientRect().right -
      (table.parentElement?.getBoundingClientRect().right ?? 0);
    if (over > 1) misfits.push(`${table.ariaLabel ?? "a table"} is cut by ${Math.round(over)} px`);
  }
  for (const heading of document.querySelectorAll("thead:not(.sr-only) th"))
    if (heading.clientWidth > 0 && heading.scrollWidth > heading.clientWidth + 1)
      misfits.push(`“${heading.textContent}” does not fit above its column`);
  return { height: Math.max(root.scrollHeight, window.innerHeight + hidden), misfits };
}

/** One sheet with everything, and pictures of each page in each of its states, small enough to be looked at. */
async function makeSheets(browser: Browser): Promise<void> {
  const byPage = [...Map.groupBy(shots, ({ page }) => page.replace(/\d+/g, "[id]"))];
  writeFileSync(join(FOLDER, "index.html"), sheet(byPage));
  const page = await browser.newPage({ viewport: { width: 1_568, height: 400 } });
  for (const [index, [name, its]] of byPage.entries())
    for (const [what, part] of Map.groupBy(its, ({ state, theme }) =>
      state === "full" ? `${state} ${theme}` : state,
    )) {
      const number = String(index + 1).padStart(2, "0");
      const file = join(FOLDER, `sheet-${number}-${what.replaceAll(" ", "-")}`);
      writeFileSync(`${file}.html`, sheet([[name, part]]));
      await page.goto(pathToFileURL(`${file}.html`).href, { waitUntil: "load" });
      await page.screenshot({ path: `${file}.png`, fullPage: true });
      rmSync(`${file}.html`);
    }
}

function sheet(byPage: [string, Shot[]][]): string {
  const figure = ({ file, width, theme }: Shot) =>
    `<a href="${file}"><img src="${file}" width="${width / 2}" alt="${width} px, ${theme}"></a>`;
  const row = (state: string, of: Shot[]) =>
    `<h2>${state}</h2>${THEMES.map(
      (theme) =>
        `<div>${of
          .filter((each) => each.theme === theme)
          .toSorted((a, b) => b.width - a.width)
          .map(figure)
          .join("")}</div>`,
    ).join("")}`;
  const section = ([name, of]: [string, Shot[]]) =>
    `<h1>${name}</h1>${[...Map.groupBy(of, ({ state }) => state)].map(([state, its]) => row(state, its)).join("")}`;
  return `<!doctype html><title>Every page</title><style>
    body { font: 14px sans-serif; background: #888; margin: 8px }
    h1 { font-size: 18px } h2 { font-size: 14px; margin: 8px 0 4px }
    div { display: flex; flex-wrap: wrap; gap: 8px; align-items: flex-start; margin-bottom: 12px }
  </style>${byPage.map(section).join("")}`;
}

await main();
