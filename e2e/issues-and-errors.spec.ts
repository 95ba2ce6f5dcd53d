import { rmSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import type pg from "pg";
import { ADA, noFindings, signIn } from "@/e2e/ada";
import { freePort, type Line, PACE, startLine, until, untilDrained } from "@/e2e/line";
import { makeNodeFolder } from "@/e2e/node-folder";
import { connectPool, connectPrisma, type Db } from "@/lib/db/database";
import { type RunningNode, startNode } from "@/scripts/node";

const SIZES = [390, 768, 1280, 1920];

type House = { node: RunningNode; line: Line; db: Db; pool: pg.Pool };

let house: House;
let folder: string;

test.beforeAll(async () => {
  folder = makeNodeFolder("console");
  const port = await freePort();
  const env = {
    ...(process.env as Record<string, string>),
    ...PACE,
    DATA_DIR: folder,
    PORT: String(port),
    CONSOLE_URL: `http://localhost:${port}`,
    NODE_LABEL: "Staging",
    ADMIN_EMAIL: ADA.email,
    ADMIN_PASSWORD: ADA.password,
    WORKERS: "1",
  };
  // The gate is opened from here as well, and the audit's head is kept beside the node's key.
  process.env.DATA_DIR = folder;
  const node = await startNode({ env, print: () => undefined });
  const db = connectPrisma(node.databaseUrl);
  const pool = connectPool(node.databaseUrl);
  const line = await startLine(db, node.databaseUrl, { pairs: 4 });
  house = { node, line, db, pool };
  await db.connection.updateMany({ data: { policy: "hold" } });
  await until("a worker has joined", async () => (await db.worker.count()) > 0);
  await line.activate();
  await untilDrained(pool);
});

test.afterAll(async () => {
  delete process.env.DATA_DIR;
  await house.line.stop();
  await house.pool.end();
  await house.db.$disconnect();
  await house.node.stop();
  rmSync(folder, { recursive: true, force: true });
});

const open = (page: Page, path: string) => page.goto(`${house.node.consoleUrl}${path}`);

/** Both sides edit one summary, and the pair waits for a person. */
async function inConflict(number: number): Promise<void> {
  const { line, db } = house;
  await line.deactivate();
  await line.production.as("ada-token").editIssue(`PROD-${number}`, { summary: "Ours is right" });
  await line.partner.as("eve-token").editIssue(`ACME-${number}`, { summary: "Theirs is right" });
  const where = { pair: { localKey: `PROD-${number}` } };
  await until("the plan holds a conflict", async () => {
    const entry = await db.queueEntry.findFirst({ where });
    if (JSON.stringify(entry?.plan ?? "").includes('"hold"')) return true;
    // Workers keep a connection's settings for a moment: planned by the policy before, it is planned anew.
    if (entry?.plannedVersion === entry?.version)
      await db.queueEntry.updateMany({ where, data: { plannedVersion: null } });
    return false;
  });
}

/** At every width and in both themes: nothing sticks out, and no accessibility findings. */
async function looksRight(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await noFindings(page, name);
  }
  for (const width of SIZES) {
    await page.setViewportSize({ width, height: 900 });
    const isWide = () =>
      page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(await isWide(), `${name} at ${width}`).toBe(false);
    await page.screenshot({ path: `test-results/images/${name}-${width}.png` });
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 900 });
}

test("an administrator finds a pair, sees both sides, decides a conflict, and it is sent as chosen", async ({
  page,
}) => {
  await inConflict(1);
  await signIn(page, house.node.consoleUrl);

  await test.step("the error tells what to do, and leads to the choice", async () => {
    await open(page, "/errors");
    await expect(page.getByText("1 issue waits on an error.")).toBeVisible();
    await expect(page.getByText("Choose which value counts, field by field.")).toBeVisible();
    await looksRight(page, "errors");
    await page.getByRole("link", { name: "More about this error" }).click();
    await expect(page.getByRole("heading", { name: "What to do" })).toBeVisible();
    await looksRight(page, "error-help");
    await page.goBack();
    await page.getByRole("link", { name: "Choose at PROD-1" }).click();
  });

  await test.step("base, local and remote stand beside each other", async () => {
    const sides = page.getByRole("region", { name: "Both sides" });
    await expect(sides.getByRole("row", { name: /^Summary/ })).toContainText("Theirs is right");
    await expect(sides.getByText("changed since")).toHaveCount(2);
    await looksRight(page, "pair-in-conflict");
  });

  await test.step("a choice is kept, undone, and made again", async () => {
    await page.getByLabel(/Partner \(remote\)/).check();
    await page.getByLabel("Reason").fill("agreed by phone");
    await page.getByRole("button", { name: "Use this value" }).click();
    const chosen = page.getByRole("region", { name: "Chosen, not sent yet" });
    await expect(chosen).toContainText("the value of Partner counts");
    await expect(chosen).toContainText("agreed by phone");
    await chosen.getByRole("button", { name: "Undo this choice" }).click();
    await page.getByLabel(/Partner \(remote\)/).check();
    await page.getByRole("button", { name: "Use this value" }).click();
    await expect(chosen).toBeVisible();
  });

  await test.step("after activation both issues say what was chosen", async () => {
    await house.line.activate();
    await untilDrained(house.pool);
    await expect(page.getByText("Both issues were read back in step")).toBeVisible();
    const issue = await house.line.production.as("ada-token").getIssue("PROD-1");
    expect(issue.fields.summary).toBe("Theirs is right");
    await page
      .getByRole("region", { name: "Writes to this pair" })
      .getByText("update fields")
      .first()
      .click();
    await expect(page.getByText("Ours is right → Theirs is right").first()).toBeVisible();
    await looksRight(page, "pair-in-step");
  });
});

test("an administrator finds a pair by its words, stops its sync, takes that back, and asks for it", async ({
  page,
}) => {
  await signIn(page, house.node.consoleUrl);
  await open(page, "/issues");
  await looksRight(page, "issues");
  await page.keyboard.press("/");
  await page.keyboard.type("acme-3");
  await expect(page).toHaveURL(/q=acme-3/);
  await expect(page.getByText("1 pair", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: /PROD-3/ }).click();

  await page.getByRole("button", { name: "Stop sync…" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("moved to another project");
  await page.getByRole("button", { name: "Stop sync of PROD-3" }).click();
  await expect(page.getByText("Sync of this pair was stopped by")).toContainText(
    "moved to another project",
  );
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Sync now" })).toBeVisible();
  await page.getByRole("button", { name: "Sync now" }).click();
  await expect(page.getByRole("region", { name: "Changes" })).toContainText("sync was asked for");

  await page.goBack();
  await expect(page).toHaveURL(/q=acme-3/);
  await expect(page.getByRole("row", { name: /PROD-3/ })).toBeVisible();
  await open(page, "/issues?q=nothing+like+this");
  await expect(page.getByText("No pair matches this filter.")).toBeVisible();
  await looksRight(page, "issues-none");
});

test("who may only look sees the same without a button that acts; what was decided is history", async ({
  page,
}) => {
  const { line, db } = house;
  await inConflict(2);
  await line.activate();
  await until("a worker has met the conflict", async () => {
    return (await db.queueEntry.count({ where: { errorCode: "conflict" } })) === 1;
  });
  await signIn(page, house.node.consoleUrl);
  await house.db.user.updateMany({ data: { role: "viewer" } });
  const pair = await house.db.pair.findFirstOrThrow({ where: { localKey: "PROD-2" } });
  await open(page, `/issues/${pair.id}`);
  await expect(page.getByText("An operator or an administrator chooses.")).toBeVisible();
  for (const name of [/Sync now/, /Stop sync/, /Use this value/])
    await expect(page.getByRole("button", { name })).toHaveCount(0);
  await looksRight(page, "pair-read-only");
  await open(page, "/errors");
  await expect(page.getByRole("button", { name: /Retry|Try/ })).toHaveCount(0);

  await house.db.user.updateMany({ data: { role: "administrator" } });
  await open(page, `/issues/${pair.id}`);
  await page.getByLabel(/Production \(local\)/).check();
  await page.getByRole("button", { name: "Use this value" }).click();
  await expect(page.getByText("Both issues were read back in step")).toBeVisible();
  await open(page, "/errors/history");
  await expect(page.getByText(`decided by ${ADA.email}`)).toBeVisible();
  await looksRight(page, "errors-history");
});
