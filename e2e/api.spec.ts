import { rmSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { freePort } from "@/e2e/line";
import { makeNodeFolder } from "@/e2e/node-folder";
import { CALLS_A_MINUTE } from "@/lib/api/rate-limit";
import { type RunningNode, startNode } from "@/scripts/node";

const TOKEN = "a-token-of-a-pipeline-that-deploys";

let node: RunningNode;
let console: string;
let folder: string;
/** What the token of the environment was answered as soon as the node was there. */
let firstStatus: number;

test.beforeAll(async () => {
  folder = makeNodeFolder("api");
  const port = await freePort();
  console = `http://localhost:${port}`;
  node = await startNode({
    env: {
      ...(process.env as Record<string, string>),
      DATA_DIR: folder,
      PORT: String(port),
      CONSOLE_URL: console,
      API_TOKEN: TOKEN,
      // No proxy stands before this console, on this machine either.
      TRUSTED_PROXIES: "192.0.2.0/24",
    },
    print: () => undefined,
  });
  const authorization = `Bearer ${TOKEN}`;
  firstStatus = (await fetch(`${console}/api/v1/gate`, { headers: { authorization } })).status;
});

test.afterAll(async () => {
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("whoever writes a program reads the API's description, in both themes, on a phone and a desk", async ({
  page,
}) => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(`${console}/docs/api`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The API of this console");
  await page
    .getByRole("navigation", { name: "Operations" })
    .getByRole("link", { name: "/queue/{id}/holds" })
    .click();
  await expect(page).toHaveURL(/#holdEntry$/);
  await expect(page.getByText("Keep an entry back until somebody releases it.")).toBeInViewport();

  // The page is long and its parts are alike: looking at all of them takes most of a minute.
  for (const [colorScheme, width, part] of [
    ["light", 1280, "#sync-queue"],
    ["dark", 390, "#gate"],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    expect(
      (
        await new AxeBuilder({ page })
          .include([part])
          .include("body > header")
          .include("nav")
          .analyze()
      ).violations,
    ).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
  }
  expect(complaints).toEqual([]);
});

test("a program finds the document, works by it, and is told what there is not", async ({
  request,
}) => {
  const found = await request.get(`${console}/api/v1/openapi.json`);
  const { openapi, paths } = (await found.json()) as { openapi: string; paths: object };
  expect([openapi, Object.keys(paths)]).toEqual(["3.1.0", expect.arrayContaining(["/gate"])]);

  expect(firstStatus).toBe(200);
  const authorization = `Bearer ${TOKEN}`;
  const headers = { authorization, "idempotency-key": "first-instance" };
  const data = { name: "Production", baseUrl: "http://127.0.0.1:9/", token: "a-token" };
  const made = [1, 2].map(() => request.post(`${console}/api/v1/instances`, { headers, data }));
  const [one, other] = await Promise.all(made);
  expect([one?.status(), other?.status()]).toEqual([201, 201]);
  expect(await one?.json()).toEqual(await other?.json());
  // The console knows by itself where the call came from, so the address is limited too.
  expect(one?.headers().ratelimit).toMatch(/"address";r=\d+;t=\d+, "token";r=\d+;t=\d+/);

  const unknown = await request.get(`${console}/api/v1/gates`, { headers });
  expect([unknown.status(), unknown.headers()["content-type"]]).toEqual([
    404,
    "application/problem+json",
  ]);
});

test("calls are counted for the address that makes them, whatever it says of itself", async () => {
  const authorization = `Bearer ${TOKEN}`;
  const left: number[] = [];
  for (const invented of ["198.51.100.1", "198.51.100.2", "198.51.100.3"]) {
    const { headers } = await fetch(`${console}/api/v1/gate`, {
      headers: { authorization, "x-forwarded-for": invented },
    });
    left.push(Number(/"address";r=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1]));
  }
  // Counted apart, each would be the first of its minute. A minute that begins between two of them resets once.
  expect(Math.min(...left)).toBeLessThan(CALLS_A_MINUTE.address - 1);
});
