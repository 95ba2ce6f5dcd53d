import { readFileSync, rmSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { ADA, noFindings, signIn } from "@/e2e/ada";
import { type Cable, openCable } from "@/e2e/chaos/cable";
import { freePort, PACE } from "@/e2e/line";
import { makeNodeFolder } from "@/e2e/node-folder";
import { connectPrisma, type Db } from "@/lib/db/database";
import { type Embedded, startEmbedded } from "@/lib/db/embedded";
import { seedQueue } from "@/lib/testing/queue";
import { type RunningNode, startNode } from "@/scripts/node";

/** A node whose way to its database can be cut. Three issues wait; nobody answers at their instances. */
type House = { node: RunningNode; database: Embedded; cable: Cable; db: Db; connectionId: number };

let house: House;
let folder: string;

test.beforeAll(async () => {
  folder = makeNodeFolder("everywhere");
  const database = await startEmbedded(folder);
  const url = new URL(database.url);
  const cable = await openCable(() => Number(url.port));
  const cabled = new URL(url);
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
      ADMIN_EMAIL: ADA.email,
      ADMIN_PASSWORD: ADA.password,
    },
    print: () => undefined,
  });
  const db = connectPrisma(database.url);
  const { connectionId } = await seedQueue(db, { pairs: 3 });
  house = { node, database, cable, db, connectionId };
});

test.afterAll(async () => {
  await house.node.stop();
  await house.db.$disconnect();
  await house.cable.close();
  await house.database.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.beforeEach(({ page }) => signIn(page, house.node.consoleUrl));

async function noFindingsInBoth(page: Page): Promise<void> {
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await noFindings(page, theme);
  }
}

/** Opens the palette, types and presses Enter with nothing in between, as fast fingers on a slow machine do. */
function typedBehind(page: Page, text: string): Promise<string | undefined> {
  return page.evaluate(async (words) => {
    const press = (key: string, ctrlKey = false) =>
      (document.activeElement ?? document.body).dispatchEvent(
        new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true, cancelable: true }),
      );
    press("k", true);
    for (const letter of words) {
      document.execCommand("insertText", false, letter);
      await Promise.resolve();
    }
    const field = document.activeElement as HTMLInputElement;
    const typed = field.value;
    press("Enter");
    return typed;
  }, text);
}

const banner = (page: Page) => page.getByRole("region", { name: "Synchronisation" });

test("by keyboard alone: a page, an issue by its key, an act, the keys, and the way back", async ({
  page,
}) => {
  const first = page.getByRole("region", { name: "First steps" });
  await expect(first.getByRole("listitem").filter({ hasText: "They are connected" })).toContainText(
    "Done",
  );
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search or go to" });
  await expect(palette.getByRole("option", { name: /Sync Queue/ })).toBeVisible();
  await noFindingsInBoth(page);
  await page.keyboard.type("acme-2");
  await expect(palette.getByRole("option", { name: /ACME-2/ })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/issues\/\d+$/);
  await page.keyboard.press("g");
  await page.keyboard.press("u");
  await expect(page.getByRole("heading", { name: "Audit" })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/issues\/\d+$/);
  await page.goForward();
  await expect(page).toHaveURL(/\/audit$/);

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("Search or go to");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");

  expect(await typedBehind(page, "acme-3")).toBe("acme-3");
  await expect(page).toHaveURL(/\/issues\/\d+$/);
  await expect(page.getByRole("heading", { name: /PROD-3/ })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("acme-99");
  await expect(palette).toContainText("found here once they are under sync");
  await page.keyboard.press("Escape");

  await page.goto(`${house.node.consoleUrl}/sync-queue`);
  await page.getByRole("button", { name: /What is meant by Sync Queue/ }).press("Enter");
  await expect(page.getByText("the pairs that have something to send")).toBeVisible();
  await page.getByRole("link", { name: "All words" }).click();
  await expect(page.getByRole("heading", { name: "Glossary" })).toBeVisible();
  await noFindingsInBoth(page);
});

/** Keeps from the browser the code that a page fetches after its first picture, until told what becomes of it. */
async function withholdLateCode(page: Page, url: string) {
  const html = await (await page.request.get(url)).text();
  const first = new Set(html.match(/\/_next\/static\/chunks\/[^"?\\]+\.js/g));
  const { promise, resolve } = Promise.withResolvers<"given" | "lost">();
  await page.route("**/_next/static/chunks/*.js", async (route) => {
    const isFirst = first.has(new URL(route.request().url()).pathname);
    if (isFirst || (await promise) === "given") return route.continue();
    return route.abort();
  });
  await page.goto(url);
  await expect(page.getByText("Page is live")).toBeVisible();
  return resolve;
}

test("what is typed before the palette's code has come is done when it has; code that does not come is told, and the page goes on", async ({
  page,
}) => {
  const queue = `${house.node.consoleUrl}/sync-queue`;
  const become = await withholdLateCode(page, queue);
  expect(await typedBehind(page, "glossary")).toBe("glossary");
  await expect(page.getByRole("dialog", { name: "Search or go to" })).toBeVisible();
  become("given");
  await expect(page.getByRole("heading", { name: "Glossary" })).toBeVisible();

  await page.unrouteAll();
  const becomeNext = await withholdLateCode(page, queue);
  becomeNext("lost");
  await page.keyboard.press("?");
  const told = page.getByRole("alert").filter({ hasText: "could not be fetched" });
  await expect(told).toBeVisible();
  await noFindings(page);
  await page.getByRole("searchbox").first().fill("ACME-2");
  await expect(page.getByRole("row", { name: /PROD-2/ })).toBeVisible();
  await page.unrouteAll();
  await told.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("Search or go to");
});

test("a session that ends is begun again in place, and what was typed is done then", async ({
  page,
}) => {
  await page.goto(`${house.node.consoleUrl}/sync-queue?q=ACME-3`);
  const row = page.getByRole("row", { name: /PROD-3/ });
  await row.hover();
  await row.getByRole("button", { name: /Discard/ }).click();
  const discard = page.getByRole("dialog", { name: /Discard/ });
  await discard.getByLabel(/Reason/).fill("agreed with the partner by telephone");
  await house.db.session.updateMany({ data: { endedAt: new Date() } });
  await discard.getByRole("button", { name: /Discard/ }).click();

  const ended = page.getByRole("dialog", { name: "Your session has ended" });
  await expect(ended.getByLabel("E-mail address")).toHaveValue(ADA.email);
  await ended.getByLabel("Password").fill("not this one");
  await ended.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(ended).toContainText("do not belong together");
  await ended.getByLabel("Password").fill(ADA.password);
  await ended.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(ended).toBeHidden();
  await expect(discard.getByLabel(/Reason/)).toHaveValue("agreed with the partner by telephone");
  await discard.getByRole("button", { name: /Discard/ }).click();
  await expect(discard).toBeHidden();
  await expect
    .poll(() => house.db.audit.findFirst({ where: { action: "entry.discarded" } }))
    .toMatchObject({ actor: ADA.email, reason: "agreed with the partner by telephone" });
});

test("a console that restarts and a database that comes back: the page says so, recovers, and keeps what was typed", async ({
  page,
}) => {
  const { node, cable } = house;
  await page.goto(`${node.consoleUrl}/sync-queue`);
  const row = page.getByRole("row", { name: /PROD-2/ });
  await row.hover();
  await row.getByRole("button", { name: /Discard/ }).click();
  const reason = page.getByRole("dialog", { name: /Discard/ }).getByLabel(/Reason/);
  await reason.fill("half of a sentence, and then");

  const pid = node.consolePid();
  if (!pid) throw new Error("the console has no process");
  process.kill(pid, "SIGKILL");
  // It may be back before the page has noticed: this browser is kept from it until it has.
  await page.context().setOffline(true);
  await expect(banner(page)).toContainText("The console does not answer.", { timeout: 60_000 });
  await page.context().setOffline(false);
  await expect(banner(page)).not.toContainText("does not answer", { timeout: 60_000 });
  await expect(reason).toHaveValue("half of a sentence, and then");

  cable.refuse(true);
  cable.cut();
  await expect(banner(page)).toContainText("The database does not answer.", { timeout: 60_000 });
  cable.refuse(false);
  await expect(banner(page)).not.toContainText("does not answer", { timeout: 60_000 });
  await expect(reason).toHaveValue("half of a sentence, and then");
});

test("activity is read by arrow keys and as a table, and the audit is narrowed, verified and taken away", async ({
  page,
}) => {
  const { db, node, connectionId } = house;
  await db.activityPoint.create({
    data: {
      grain: "minute",
      at: new Date(Math.floor(Date.now() / 60_000) * 60_000 - 600_000),
      connectionId,
      applied: 41,
      waiting: 312,
      held: 0,
      oldestS: 720,
    },
  });
  await page.goto(`${node.consoleUrl}/activity`);
  await expect(page.getByText("41 in 24 hours")).toBeVisible();
  const backlog = page.getByRole("slider", { name: "Backlog" });
  await backlog.focus();
  // The end, or one step before it, as the clock has it.
  await backlog.press("ArrowLeft");
  await expect(backlog).toHaveAttribute("aria-valuetext", /not known$|· \d+$/);
  if (!/· 312$/.test((await backlog.getAttribute("aria-valuetext")) ?? ""))
    await backlog.press("ArrowRight");
  await expect(backlog).toHaveAttribute("aria-valuetext", /· 312$/);
  await page.getByText("The same as a table").click();
  await expect(page.getByRole("row", { name: /312 12 min 41 0/ })).toBeVisible();
  await noFindingsInBoth(page);
  await page.getByRole("link", { name: "7 days" }).click();
  await expect(page).toHaveURL(/span=7d/);
  await page.goBack();
  await expect(page).not.toHaveURL(/span/);

  await page.goto(`${node.consoleUrl}/audit`);
  await page.getByLabel("What").selectOption("session.started");
  await expect(page).toHaveURL(/action=session\.started/);
  await expect(page.getByRole("table", { name: "Audit" })).not.toContainText("node.");
  await page.getByRole("button", { name: "Verify the chain" }).click();
  await expect(page.getByRole("region", { name: "Verification" })).toContainText(
    "What could be checked is as it was written.",
  );
  await noFindingsInBoth(page);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export JSON lines" }).click(),
  ]);
  const lines = readFileSync(await file.path(), "utf8")
    .trimEnd()
    .split("\n");
  expect(new Set(lines.map((line) => JSON.parse(line).action))).toEqual(
    new Set(["session.started"]),
  );
  await page.goBack();
  await expect(page).toHaveURL(/\/audit$/);
});
