import { rmSync } from "node:fs";
import { expect, test } from "@playwright/test";
import type pg from "pg";
import { ADA, noFindings, signIn } from "@/e2e/ada";
import {
  freePort,
  type Line,
  PACE,
  queueCounts,
  startLine,
  until,
  untilDrained,
  untilPlanned,
} from "@/e2e/line";
import { makeNodeFolder } from "@/e2e/node-folder";
import { connectPool, connectPrisma, type Db } from "@/lib/db/database";
import { type RunningNode, startNode } from "@/scripts/node";

type House = { node: RunningNode; line: Line; db: Db; pool: pg.Pool; env: Record<string, string> };

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
  };
  const node = await startNode({ env, print: () => undefined });
  const db = connectPrisma(node.databaseUrl);
  const pool = connectPool(node.databaseUrl);
  const line = await startLine(db, node.databaseUrl, { pairs: 12 });
  house = { node, line, db, pool, env };
  await untilDrained(pool);
});

test.afterAll(async () => {
  await house.line.stop();
  await house.pool.end();
  await house.db.$disconnect();
  await house.node.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ours = async () =>
  [...(await house.line.production.writes()), ...(await house.line.partner.writes())].filter(
    (write) => write.user === "exalate",
  );

test("an administrator reviews the queue, holds one entry, activates, and everything else arrives", async ({
  page,
}) => {
  const { line, pool } = house;
  const ada = line.production.as("ada-token");
  await ada.editIssue("PROD-1", {
    summary: "Sign-in fails after the password was reset",
    description: "Text of issue 1\n\nSeen with two browsers.",
    priority: { name: "High" },
  });
  await ada.editIssue("PROD-2", { summary: "To be held" });
  await line.production.as("bob-token").comment("PROD-3", "I can reproduce it.");
  await ada.createIssue({ project: "PROD", summary: "A new issue" });
  await untilPlanned(pool, 4);

  await test.step("inactive, with the count of waiting issues, and nothing was written", async () => {
    await signIn(page, house.node.consoleUrl);
    await expect(page.getByText("Synchronisation is inactive.")).toBeVisible();
    await expect(page.getByText("4 issues wait")).toBeVisible();
    expect(await ours()).toEqual([]);
  });

  await test.step("the queue is read, one plan is opened", async () => {
    await page.getByRole("link", { name: "Sync Queue", exact: true }).first().click();
    await expect(page.getByRole("row", { name: /PROD-3/ })).toContainText("1 comment");
    await page
      .getByRole("link", { name: /PROD-1/ })
      .first()
      .click();
    await expect(page.getByRole("heading", { name: "What will be sent" })).toBeVisible();
    await expect(
      page.getByText("Sign-in fails after the password was reset").first(),
    ).toBeVisible();
    await expect(page.getByText("P2").first()).toBeVisible();
    await expect(page.getByText("P1").first()).toBeVisible();
    await page.goBack();
  });

  await test.step("one entry is held", async () => {
    const row = page.getByRole("row", { name: /PROD-2/ });
    await row.hover();
    await row.getByRole("button", { name: /Hold/ }).click();
    await expect(row).toContainText("held");
  });

  await test.step("activated, everything but the held one arrives in the partner", async () => {
    // Somebody looks at the queue meanwhile, in another tab.
    const queue = await page.context().newPage();
    await queue.goto(`${house.node.consoleUrl}/sync-queue`);
    await queue.getByRole("row", { name: /Sign-in fails/ }).hover();
    await page.getByRole("link", { name: "Review and activate" }).click();
    await expect(page.getByRole("heading", { name: "What happened" })).toBeVisible();
    const toBeSent = page.getByRole("region", { name: "What will be sent" });
    await toBeSent.locator("summary", { hasText: "Sign-in fails" }).click();
    await expect(toBeSent).toContainText("Will be");
    await expect(toBeSent.locator("summary", { hasText: "PROD-2" })).toHaveCount(0);
    await page.getByLabel(/reason/i).fill("after the patch");
    const activate = page.getByRole("button", { name: /^Activate sync and send \d+ changes to/ });
    // Signed in long ago: whoever finds the console open does not open the gate.
    await house.pool.query("update session set password_at = now() - interval '1 hour'");
    await activate.click();
    const asked = page.getByRole("dialog", { name: "Your password, please" });
    await noFindings(page);
    await asked.getByLabel("Password").fill("a wrong one");
    await asked.getByRole("button", { name: "Confirm" }).click();
    await expect(asked).toContainText("That is not your password.");
    await asked.getByLabel("Password").fill(ADA.password);
    await asked.getByRole("button", { name: "Confirm" }).click();
    await expect(asked).toBeHidden();
    await expect(page.getByText("Synchronisation is inactive.")).toBeVisible();
    await activate.click();
    await expect(page.getByText("Synchronisation is inactive.")).toBeHidden();
    const admin = line.partner.as("admin-token");
    await expect
      .poll(async () => (await admin.getIssue("ACME-1")).fields.summary)
      .toBe("Sign-in fails after the password was reset");
    await expect
      .poll(async () => (await admin.comments("ACME-3")).map((comment) => comment.body))
      .toEqual(["*Bob* wrote:\n\nI can reproduce it."]);
    await expect.poll(async () => (await admin.search('summary ~ "new"')).total).toBe(1);
    // What is done stays where it was until the list is asked for anew, and says so.
    await expect(queue.getByRole("row", { name: /Sign-in fails/ })).toContainText("done");
    await queue.close();
    expect((await admin.getIssue("ACME-2")).fields.summary).toBe("Issue 2");
  });

  await test.step("a comment in the partner comes back", async () => {
    await line.partner.as("eve-token").comment("ACME-3", "Fixed with the next release.");
    await expect
      .poll(async () =>
        (await line.production.as("admin-token").comments("PROD-3")).map((comment) => comment.body),
      )
      .toEqual(["I can reproduce it.", "*Eve* wrote:\n\nFixed with the next release."]);
  });

  await test.step("deactivated, new changes wait again", async () => {
    await page
      .getByRole("button", { name: /Gate|Sync|More|menu/i })
      .first()
      .click();
    await page
      .getByText(/^Deactivate/)
      .first()
      .click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Deactivate/ })
      .click();
    await expect(page.getByText("Synchronisation is inactive.")).toBeVisible();
    const before = (await ours()).length;
    await ada.editIssue("PROD-5", { summary: "Waits again" });
    await expect(page.getByText("2 issues wait")).toBeVisible();
    expect(await ours()).toHaveLength(before);
  });

  await test.step("restarted: inactive, and the queue is kept", async () => {
    await house.line.deactivate();
    await house.pool.end();
    await house.db.$disconnect();
    await house.node.stop();
    house.node = await startNode({ env: house.env, print: () => undefined });
    house.db = connectPrisma(house.node.databaseUrl);
    house.pool = connectPool(house.node.databaseUrl);
    await page.goto(`${house.node.consoleUrl}/sync-queue`);
    await expect(page.getByText("Synchronisation is inactive.")).toBeVisible();
    await expect(page.getByRole("row", { name: /PROD-2/ })).toContainText("held");
    await expect(page.getByRole("row", { name: /PROD-5|Waits again/ })).toContainText("queued");
  });
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`every page is without accessibility findings in the ${colorScheme} theme`, async ({
    browser,
  }) => {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width: 1280, height: 800 },
    });
    const page = await context.newPage();
    await busyMorning(colorScheme);
    await page.goto(`${house.node.consoleUrl}/sign-in`);
    await noFindings(page);
    await signIn(page, house.node.consoleUrl);
    await noFindings(page);
    await page.goto(`${house.node.consoleUrl}/activation`);
    await expect(page.getByRole("heading", { name: "What happened" })).toBeVisible();
    for (const closed of await page.locator("main details > summary").all()) await closed.click();
    await noFindings(page);
    await page.goto(`${house.node.consoleUrl}/sync-queue`);
    await expect(page.getByRole("row", { name: /Invoices/ })).toContainText("summary");
    await noFindings(page);
    // The pictures of the README; kept with the project when somebody asks for them.
    const images = process.env.SCREENSHOTS ? "docs/images" : "test-results/images";
    await page.screenshot({ path: `${images}/sync-queue-${colorScheme}.png` });
    await page.locator("tbody a").first().click();
    await expect(page.getByRole("heading", { name: "What will be sent" })).toBeVisible();
    await noFindings(page);
    await context.close();
  });
}

test("an ended session is over at once, in every tab", async ({ page }) => {
  await signIn(page, house.node.consoleUrl);
  await house.pool.query("update session set ended_at = now() where ended_at is null");
  await page.goto(`${house.node.consoleUrl}/sync-queue`);
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  const answer = await page.request.get(`${house.node.consoleUrl}/api/gate`);
  expect(answer.status()).toBe(401);
});

/** Changes of several kinds on both sides, so that the queue has something to show. */
async function busyMorning(word: string): Promise<void> {
  const ada = house.line.production.as("ada-token");
  const bob = house.line.production.as("bob-token");
  const eve = house.line.partner.as("eve-token");
  await ada.editIssue("PROD-6", { summary: `Invoices show the old address (${word})` });
  await ada.editIssue("PROD-7", { priority: { name: "High" }, labels: ["seed", "portal", word] });
  await bob.editIssue("PROD-8", { description: `Export stops without a message. Seen ${word}.` });
  await bob.comment("PROD-9", `I can reproduce it, ${word}.`);
  await eve.editIssue("ACME-10", { summary: `Contract ends one day early (${word})` });
  await eve.comment("ACME-11", `Which version is this, ${word}?`);
  await ada.comment("PROD-12", `Fixed with the next release, ${word}.`);
  await eve.editIssue("ACME-12", { labels: ["seed", word] });
  await until("seven entries or more, all planned", async () => {
    const counts = await queueCounts(house.pool);
    return counts.all >= 7 && counts.planned === counts.all;
  });
}
