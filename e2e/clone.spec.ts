import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import type pg from "pg";
import { ADA, noFindings, signIn } from "@/e2e/ada";
import {
  freePort,
  type Line,
  PACE,
  startLine,
  until,
  untilDrained,
  untilPlanned,
} from "@/e2e/line";
import { makeNodeFolder } from "@/e2e/node-folder";
import { copyEmbedded } from "@/lib/db/copy-embedded";
import { connectPool, connectPrisma, type Db } from "@/lib/db/database";
import { type RunningNode, startNode } from "@/scripts/node";

const CLAIM_PERIOD_MS = "1500";

type House = { node: RunningNode; db: Db; pool: pg.Pool };

let production: House;
let line: Line;
let folder: string;

test.beforeAll(async () => {
  folder = makeNodeFolder("clone");
  production = await startHouse("production", { NODE_LABEL: "PRODUCTION" });
  line = await startLine(production.db, production.node.databaseUrl, { pairs: 4 });
  await untilDrained(production.pool);
});

test.afterAll(async () => {
  await line.stop();
  await stopHouse(production);
  rmSync(folder, { recursive: true, force: true });
});

async function startHouse(name: string, env: Record<string, string>): Promise<House> {
  const port = await freePort();
  const keys = join(folder, name, "keys");
  mkdirSync(keys, { recursive: true });
  // In a file, as nodes have it, and the same that this test seals with.
  if (!existsSync(join(keys, "secret.key")))
    writeFileSync(join(keys, "secret.key"), PACE.SECRET_KEY, { mode: 0o600 });
  const node = await startNode({
    env: {
      ...(process.env as Record<string, string>),
      ...PACE,
      SECRET_KEY: "",
      CLAIM_PERIOD_MS,
      DATA_DIR: join(folder, name),
      PORT: String(port),
      CONSOLE_URL: `http://localhost:${port}`,
      ADMIN_EMAIL: ADA.email,
      ADMIN_PASSWORD: ADA.password,
      ...env,
    },
    print: () => undefined,
  });
  return { node, db: connectPrisma(node.databaseUrl), pool: connectPool(node.databaseUrl) };
}

async function stopHouse({ node, db, pool }: House): Promise<void> {
  await pool.end();
  await db.$disconnect();
  await node.stop();
}

/** A node on a copy of production that was taken while it ran. */
async function cloned(name: string, env: Record<string, string> = {}): Promise<House> {
  await copyEmbedded(join(folder, "production"), join(folder, name), { withKey: true });
  return startHouse(name, { NODE_LABEL: "PRODUCTION", ...env });
}

async function signedIn(browser: Browser, { node }: House): Promise<Page> {
  const page = await (
    await browser.newContext({ viewport: { width: 1280, height: 900 } })
  ).newPage();
  await signIn(page, `${node.consoleUrl}/activation`, "Activation");
  return page;
}

/** A picture for the documents when they are made, else to look at. */
async function picture(page: Page, name: string): Promise<void> {
  const images = process.env.SCREENSHOTS ? "docs/images" : "test-results/images";
  await page.screenshot({ path: `${images}/${name}.png` });
}

/** Writes of ours that were about an issue. */
async function issueWrites(): Promise<number> {
  const all = [...(await line.production.writes()), ...(await line.partner.writes())];
  return all.filter(({ user, path }) => user === "exalate" && !path.includes("exalate.claim"))
    .length;
}

test("the copy that was declared moved and activated against production's partner is stopped by the sign of life there", async ({
  browser,
}) => {
  await line.activate();
  await until("production speaks", async () => (await heldClaims(production.db)) === 2);
  const clone = await cloned("mistake");
  try {
    const page = await signedIn(browser, clone);
    await expect(page.getByText(/moved, or it is a copy/).first()).toBeVisible();
    await noFindings(page);
    const alive = page.getByRole("main").getByText(/Another node with our identity is alive/);
    await expect(alive.first()).toBeVisible({ timeout: 30_000 });
    await picture(page, "activation-alive");
    await noFindings(page);
    await page.getByRole("radio", { name: /same node, moved/ }).check();
    await page
      .getByRole("button", { name: /^Decide|same node/ })
      .last()
      .click();
    await expect(page.getByText(/the same node/i).first()).toBeVisible();
    await line.production.as("ada-token").editIssue("PROD-1", { summary: "Sent by production" });
    const activate = page.getByRole("button", { name: /^Activate sync/ });
    await expect(activate).toBeDisabled();
    // Nor does the gate open for somebody who asks it directly.
    const { fence } = await gateOf(clone.db);
    const [answer] = await clone.db.$queryRaw<[{ opened: boolean }]>`
      select open_gate(${fence.incarnation}, ${fence.epoch}::int, 'ada', null, '{}') as opened`;
    expect(answer.opened).toBe(false);
    // Production keeps running.
    const admin = line.partner.as("admin-token");
    await expect
      .poll(async () => (await admin.getIssue("ACME-1")).fields.summary)
      .toBe("Sent by production");
    expect(await clone.db.permit.count({ where: { incarnation: fence.incarnation } })).toBe(0);
    expect((await gateOf(production.db)).state).toBe("active");
  } finally {
    await stopHouse(clone);
  }
});

test("a copy that says it is one signs everybody out, sets aside what it inherited and holds its connections", async ({
  browser,
}) => {
  await line.deactivate();
  await until(
    "production is inactive",
    async () => (await gateOf(production.db)).state === "inactive",
  );
  await line.production.as("ada-token").editIssue("PROD-2", { summary: "Inherited by the copy" });
  await untilPlanned(production.pool, 1);
  const clone = await cloned("copy");
  try {
    const page = await signedIn(browser, clone);
    await page.getByRole("radio", { name: /It is a copy/ }).check();
    await picture(page, "activation-copy");
    await page.getByLabel(/label/i).first().fill("STAGING");
    await page
      .getByRole("button", { name: /^Decide|copy/ })
      .last()
      .click();
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();

    const again = await signedIn(browser, clone);
    await expect(again).toHaveTitle(/STAGING/);
    await expect(again.getByText(/copy/i).first()).toBeVisible();
    await noFindings(again);
    await again.goto(`${clone.node.consoleUrl}/sync-queue?inherited=true`);
    const row = again.getByRole("row", { name: /PROD-2/ });
    await expect(row).toContainText("held");
    await noFindings(again);

    const before = await issueWrites();
    const { fence } = await gateOf(clone.db);
    await clone.db
      .$queryRaw`select open_gate(${fence.incarnation}, ${fence.epoch}::int, 'ada', null, '{}')`;
    expect((await gateOf(clone.db)).state).toBe("active");
    await again.getByRole("button", { name: /Release the 1 held/ }).click();
    await again
      .getByRole("dialog")
      .getByRole("button", { name: /^Release/ })
      .click();
    await expect(row).toContainText(/queued|held/);
    // Its connection is held: nothing leaves, however open the gate is.
    await until("two looks at the queue", async () => {
      const [worker] = await clone.db.worker.findMany({ orderBy: { seenAt: "desc" }, take: 1 });
      return (worker?.seenAt.getTime() ?? 0) > Date.now() - 1_000;
    });
    expect(await issueWrites()).toBe(before);
  } finally {
    await stopHouse(clone);
  }
});

test("a pipeline declares the copy before its first start, and it comes up safe without a person", async ({
  browser,
}) => {
  const clone = await cloned("pipeline", {
    SYNC_IDENTITY: "copy",
    NODE_LABEL: "STAGING",
    API_TOKEN: "a-token-of-the-pipeline-alone",
  });
  try {
    await until("it has become a copy", async () => {
      const node = await clone.db.node.findUniqueOrThrow({ where: { id: 1 } });
      return node.copyOf !== null && node.label === "STAGING";
    });
    const original = await production.db.node.findUniqueOrThrow({ where: { id: 1 } });
    const copy = await clone.db.node.findUniqueOrThrow({ where: { id: 1 } });
    expect(copy.identity).not.toBe(original.identity);
    expect(copy.copyOf).toBe(original.identity);
    const page = await signedIn(browser, clone);
    await expect(page).toHaveTitle(/STAGING/);
    await until("its token works", async () => {
      const answer = await fetch(`${clone.node.consoleUrl}/api/v1/gate`, {
        headers: { authorization: "Bearer a-token-of-the-pipeline-alone" },
      });
      return answer.status === 200;
    });
  } finally {
    await stopHouse(clone);
  }
});

async function gateOf(db: Db) {
  const gate = await db.gate.findUniqueOrThrow({ where: { id: 1 } });
  return { state: gate.state, fence: { incarnation: gate.incarnation, epoch: gate.epoch } };
}

async function heldClaims(db: Db): Promise<number> {
  return db.claim.count({ where: { state: "held" } });
}
