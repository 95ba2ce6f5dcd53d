import { rmSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { ADA, noFindings, signIn } from "@/e2e/ada";
import { freePort, PACE } from "@/e2e/line";
import { makeNodeFolder } from "@/e2e/node-folder";
import { connectPrisma, type Db } from "@/lib/db/database";
import { bringInStep, oldRun } from "@/lib/testing/history";
import { type Mailbox, openMailbox } from "@/lib/testing/mailbox";
import { seedQueue } from "@/lib/testing/queue";
import { type RunningNode, startNode } from "@/scripts/node";

test.describe.configure({ mode: "serial" });

let folder: string;
let node: RunningNode;
let db: Db;
let mailbox: Mailbox;

test.beforeAll(async () => {
  folder = makeNodeFolder("settings");
  mailbox = await openMailbox();
  const port = await freePort();
  node = await startNode({
    env: {
      ...(process.env as Record<string, string>),
      ...PACE,
      DATA_DIR: folder,
      PORT: String(port),
      CONSOLE_URL: `http://localhost:${port}`,
      NODE_LABEL: "",
      WORKERS: "1",
      ALLOWED_ADDRESSES: "127.0.0.0/8",
      ADMIN_EMAIL: ADA.email,
      ADMIN_PASSWORD: ADA.password,
    },
    print: () => undefined,
  });
  db = connectPrisma(node.databaseUrl);
  const { connectionId, pairIds } = await seedQueue(db, { pairs: 2 });
  const pairId = pairIds[0] ?? 0;
  await bringInStep(db, pairId, 0);
  await db.$executeRaw`update activity_fold set folded_to = sync_now()`;
  for (const daysAgo of [90, 60, 45, 2])
    await oldRun(db, { connectionId, pairId, daysAgo, words: "1 field" });
});

test.afterAll(async () => {
  await node.stop();
  await db.$disconnect();
  await mailbox.close();
  rmSync(folder, { recursive: true, force: true });
});

test.beforeEach(({ page }) => signIn(page, node.consoleUrl));

/** Readable in both themes, and no wider than a phone. */
async function looksRight(page: Page): Promise<void> {
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await noFindings(page, theme);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await page.setViewportSize({ width: 1280, height: 720 });
}

test("an administrator names and colours the node; head, tab and icon follow, and it can be taken back", async ({
  page,
}) => {
  await page.goto(`${node.consoleUrl}/settings`);
  await page.getByRole("link", { name: "Environment" }).click();
  await page.getByRole("textbox", { name: "Label" }).fill("Production");
  await page.getByRole("radio", { name: "violet" }).check();
  await page.getByRole("button", { name: "Save label and colour" }).click();
  const head = page.locator("header").first();
  await expect(head).toContainText("PRODUCTION");
  await expect(page).toHaveTitle(/^PRODUCTION · /);
  const icon = await page.locator('link[rel="icon"]').first().getAttribute("href");
  expect(
    await (await page.request.get(new URL(icon ?? "", node.consoleUrl).href)).text(),
  ).toContain("#6529a9");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(head).not.toContainText("PRODUCTION");
  expect(await db.node.findFirst()).toMatchObject({ label: null, colour: null });

  await page.getByRole("textbox", { name: "Label" }).fill("Staging");
  await page.getByRole("radio", { name: "teal" }).check();
  await page.getByRole("button", { name: "Save label and colour" }).click();
  await expect(head).toContainText("STAGING");
  await looksRight(page);
});

test("before a shorter period is saved, the page says what it removes; then a worker removes it", async ({
  page,
}) => {
  await page.goto(`${node.consoleUrl}/settings/history`);
  const work = page.getByRole("combobox", { name: "Kept: What workers did" });
  await work.selectOption("30 days");
  await expect(page.getByText(/Removes 3 rows from before/)).toBeVisible();
  await looksRight(page);
  await work.selectOption("two years");
  await expect(page.getByText("Nothing is removed by this.")).toBeVisible();
  await work.selectOption("30 days");
  await page.getByRole("button", { name: "Save and remove 3 rows" }).click();
  await expect(page.getByText(/A worker removes what is older/)).toBeVisible();
  await expect.poll(() => db.run.count(), { timeout: 40_000 }).toBe(1);
  await page.reload();
  await expect(work).toHaveValue("30");
  await expect(page.getByRole("listitem").filter({ has: work })).toContainText("3 removed so far");
});

test("a test mail tells the server's answer, and a gate that closes is told by mail", async ({
  page,
}) => {
  await page.goto(`${node.consoleUrl}/settings/mail`);
  await page.getByRole("textbox", { name: "Host" }).fill("127.0.0.1");
  await page.getByRole("combobox", { name: "Encryption" }).selectOption("none");
  await expect(page.getByRole("spinbutton", { name: "Port" })).toHaveValue("25");
  await page.getByRole("spinbutton", { name: "Port" }).fill(String(mailbox.port));
  await page.getByRole("textbox", { name: "From" }).fill("exalate@example.com");
  await expect(page.getByRole("textbox", { name: "Addresses" })).toHaveValue(ADA.email);
  await page.getByRole("button", { name: "Send a test mail" }).click();
  await expect(page.getByText("127.0.0.1 answered: 250 taken")).toBeVisible();
  await looksRight(page);
  await page.getByRole("button", { name: "Save the mail settings" }).click();
  await expect(page.getByText("Saved. People are told from now on.")).toBeVisible();

  const { incarnation, epoch } = await db.gate.findUniqueOrThrow({ where: { id: 1 } });
  await db.$queryRaw`select open_gate(${incarnation}, ${epoch}::int, 'ada', null, '{}')`;
  await db.$queryRaw`select close_gate('ada', 'before the patch')`;
  await expect
    .poll(() => mailbox.mails.map(({ subject }) => subject), { timeout: 60_000 })
    .toContain("[Staging] Synchronisation stopped");
  const told = mailbox.mails.find(({ subject }) => subject === "[Staging] Synchronisation stopped");
  expect(told).toMatchObject({
    to: [ADA.email],
    body: expect.stringContaining(`${node.consoleUrl}/activation`),
  });
  // It is noted a moment after the server took it.
  await expect.poll(() => db.mail.count({ where: { state: "sending" } })).toBe(0);
  await page.reload();
  const line = page
    .getByRole("region", { name: "Mails" })
    .getByRole("listitem")
    .filter({ hasText: "Synchronisation stopped" });
  await expect(line).toContainText("250 taken");
  await expect(line).toContainText("sent");
});

test("who may not change settings sees the label and the periods, and no address", async ({
  page,
}) => {
  await db.user.updateMany({ data: { role: "viewer" } });
  await page.goto(`${node.consoleUrl}/settings/environment`);
  await expect(page.getByText("An administrator can change this.")).toBeVisible();
  await expect(page.getByRole("radio", { name: "violet" })).toBeDisabled();
  await page.goto(`${node.consoleUrl}/settings/history`);
  await expect(page.getByRole("combobox", { name: "Kept: Changes" })).toBeDisabled();
  await page.goto(`${node.consoleUrl}/settings/mail`);
  await expect(page.getByText("Administrators see who is told what")).toBeVisible();
  await expect(page.getByText("exalate@example.com")).toHaveCount(0);
  await looksRight(page);
});
