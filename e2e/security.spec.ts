import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type APIResponse, expect, type Page, type Request, test } from "@playwright/test";
import { type Canaries, formsOf, givenAway, type Place } from "@/e2e/canaries";
import { type Cable, openCable } from "@/e2e/chaos/cable";
import { everyPage, everyPageRead, type Ids } from "@/e2e/every-page";
import { fill, freePort, PACE, PRIORITY_PAIRS, STATUS_PAIRS, until } from "@/e2e/line";
import { makeNodeFolder } from "@/e2e/node-folder";
import { type SimulatorClient, simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { type Simulator, startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import { derivedSecret } from "@/lib/access/seal";
import { addressKey } from "@/lib/access/webhook-secret";
import { connectPrisma, type Db } from "@/lib/db/database";
import { type Embedded, startEmbedded } from "@/lib/db/embedded";
import { type RunningNode, startNode } from "@/scripts/node";

test.use({ actionTimeout: 15_000 });

const EMAIL = "ada@example.com";
const canary = (name: string) => `canary-${name}-${randomBytes(9).toString("hex")}`;
const SECRET: Canaries = {
  "token of the local instance": canary("local"),
  "token of the remote instance": canary("remote"),
  "token that was tried": canary("tried"),
  "token of the API": canary("api"),
  password: canary("password"),
  "password that was wrong": canary("wrong"),
  "password of the mail server": canary("mail"),
};
const secret = (name: string) => SECRET[name] ?? "";
/** What everybody may read, and has to be found. */
const OPEN = { "summary of an issue": canary("summary"), "name of a token": canary("viewer") };

/** A node between two instances. Its way to the database can be cut, and everything that it prints is kept. */
let node: RunningNode;
let database: Embedded;
let cable: Cable;
let db: Db;
let simulators: { production: Simulator; partner: Simulator };
let partner: SimulatorClient;
let folder: string;
const printed: string[] = [];
const ids: Ids = { "help/errors": "loop" };

test.beforeAll(async () => {
  folder = makeNodeFolder("security");
  simulators = {
    production: await startJiraSimulator({ name: "production" }),
    partner: await startJiraSimulator({ name: "partner" }),
  };
  const production = simulatorClient(simulators.production.baseUrl);
  partner = simulatorClient(simulators.partner.baseUrl);
  await fill(production, "PROD", Object.keys(STATUS_PAIRS), Object.keys(PRIORITY_PAIRS), 0);
  await fill(partner, "ACME", Object.values(STATUS_PAIRS), Object.values(PRIORITY_PAIRS), 0);
  await production.createUser({ name: "exalate", token: secret("token of the local instance") });
  await partner.createUser({ name: "exalate", token: secret("token of the remote instance") });

  database = await startEmbedded(folder);
  const cabled = new URL(database.url);
  SECRET["password of the database"] = cabled.password;
  const direct = Number(cabled.port);
  cable = await openCable(() => direct);
  cabled.port = String(cable.port);
  const port = await freePort();
  node = await startNode({
    env: {
      ...(process.env as Record<string, string>),
      ...PACE,
      SECRET_KEY: "",
      LOG_LEVEL: "debug",
      DATA_DIR: folder,
      DATABASE_URL: cabled.href,
      PORT: String(port),
      CONSOLE_URL: `http://localhost:${port}`,
      WORKERS: "1",
      ADMIN_EMAIL: EMAIL,
      ADMIN_PASSWORD: secret("password"),
      API_TOKEN: secret("token of the API"),
    },
    print: (line) => printed.push(line),
  });
  db = connectPrisma(database.url);
  const keyText = readFileSync(join(folder, "keys", "secret.key"), "utf8").trim();
  SECRET["key of the node"] = keyText;
  SECRET["secret that sessions are signed with"] = derivedSecret(
    "next-auth",
    Buffer.from(keyText, "base64"),
  );

  await instance("Production", simulators.production, secret("token of the local instance"));
  await instance("Partner", simulators.partner, secret("token of the remote instance"));
  const made = await asked("POST", "/connections", {
    name: "Acme",
    local: { instance: "Production", project: "PROD", trigger: "project = PROD" },
    remote: { instance: "Partner", project: "ACME" },
  });
  SECRET["secret of the webhooks"] = made.webhookSecret;
  SECRET["key in the webhooks' address"] = addressKey(made.webhookSecret);
  const viewer = { name: OPEN["name of a token"], role: "viewer", days: 1 };
  SECRET["token of a viewer"] = (await asked("POST", "/tokens", viewer)).token;
  await production
    .as("ada-token")
    .createIssue({ project: "PROD", summary: `About ${OPEN["summary of an issue"]}` });
  await until("a planned entry", async () => {
    const entry = await db.queueEntry.findFirst({ where: { plannedVersion: { not: null } } });
    return entry !== null;
  });
  const { pairId, id: entryId } = await db.queueEntry.findFirstOrThrow();
  const person = await db.user.findFirstOrThrow();
  const { localInstanceId } = await db.connection.findFirstOrThrow();
  const found = { issues: pairId, pairs: pairId, connections: made.id, queue: entryId };
  for (const [name, id] of Object.entries({
    ...found,
    "sync-queue": entryId,
    instances: localInstanceId,
    people: person.id,
  }))
    for (const before of [name, `api/${name}`, `api/v1/${name}`]) ids[before] = id;
});

test.afterAll(async () => {
  await node.stop();
  await db.$disconnect();
  await cable.close();
  await database.stop();
  await simulators.production.stop();
  await simulators.partner.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Calls the API as a program does. Throws what it refuses. */
async function asked(method: string, path: string, body?: unknown) {
  const answer = await called(method, path, body);
  if (!answer.ok) throw new Error(`${answer.status} to ${path}: ${await answer.text()}`);
  return answer.json();
}

function called(method: string, path: string, body?: unknown, token = secret("token of the API")) {
  return fetch(`${node.consoleUrl}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
}

/** A mail server that does not answer is saved, and tried. */
async function triedMail(): Promise<string> {
  const server = {
    host: "127.0.0.1",
    port: 9,
    security: "tls",
    user: "exalate",
    password: secret("password of the mail server"),
    sender: "exalate@example.com",
  };
  const recipients = [EMAIL];
  const settings = { isOn: true, server, recipients, kinds: ["gate_closed"], backlogHours: 4 };
  await asked("PUT", "/settings/mail", settings);
  return JSON.stringify(await asked("POST", "/settings/mail/tests", { server, recipients }));
}

const instance = (name: string, { baseUrl }: Simulator, token: string) =>
  asked("POST", "/instances", { name, baseUrl, token });

async function signIn(page: Page, password = secret("password")): Promise<void> {
  await page.goto(`${node.consoleUrl}/sign-in`);
  await page.getByLabel("E-mail address").fill(EMAIL);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function signedIn(page: Page): Promise<void> {
  await signIn(page);
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
}

/** Everything that the page's policy forbids from now on, on every page that this one becomes. */
async function violations(page: Page): Promise<string[]> {
  const seen: string[] = [];
  await page.exposeFunction("tellViolation", (told: string) => seen.push(told));
  await page.addInitScript(() => {
    const { tellViolation } = globalThis as unknown as { tellViolation: (told: string) => void };
    document.addEventListener("securitypolicyviolation", (event) =>
      tellViolation(`${location.pathname}: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  return seen;
}

test("every page works under its content security policy, each answer with a nonce of its own", async ({
  page,
}) => {
  const seen = await violations(page);
  await signedIn(page);
  const nonces = new Set<string>();
  for (const path of everyPage(ids)) {
    const answer = await page.goto(`${node.consoleUrl}${path}`);
    const policy = answer?.headers()["content-security-policy"] ?? "";
    nonces.add(/script-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1] ?? `none at ${path}`);
    expect([path, policy]).toEqual([path, expect.not.stringContaining("unsafe-eval")]);
    // A page whose scripts were stopped would not have come to life.
    await expect
      .poll(() =>
        page.evaluate(() => Object.keys(document.body).some((key) => /^__react/.test(key))),
      )
      .toBe(true);
  }
  expect(nonces.size).toBe(everyPage(ids).length);
  expect(seen).toEqual([]);
});

test("what somebody smuggles into a page does not run, and the browser says that it was stopped", async ({
  page,
}) => {
  const seen = await violations(page);
  await signedIn(page);
  const smuggled = `<script>window.smuggled = "a script"</script>
    <script nonce="bm90IHRoZSBub25jZQ==">window.smuggled = "a script with another nonce"</script>
    <script src="http://127.0.0.1:9/smuggled.js"></script>
    <img src="data:," onerror="window.smuggled = 'a handler'">
    <iframe srcdoc="<script>parent.smuggled = 'a frame'</script>"></iframe>
    <base href="http://127.0.0.1:9/">`;
  await page.route(`${node.consoleUrl}/errors`, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace("</body>", `${smuggled}</body>`);
    expect(body).toContain("smuggled");
    await route.fulfill({ response: answer, body });
  });
  await page.goto(`${node.consoleUrl}/errors`);
  await expect(page.getByRole("heading", { name: "Errors" })).toBeVisible();
  await expect
    .poll(() => [...new Set(seen)].toSorted())
    .toEqual([
      "/errors: base-uri http://127.0.0.1:9/",
      "/errors: script-src-attr inline",
      "/errors: script-src-elem http://127.0.0.1:9/smuggled.js",
      "/errors: script-src-elem inline",
      "srcdoc: script-src-elem inline",
    ]);
  expect(await page.evaluate(() => "smuggled" in window)).toBe(false);
});

test("pages, answers and files come with the headers that keep a browser to what we mean", async ({
  page,
}) => {
  await signedIn(page);
  const script = await page.locator("script[src]").first().getAttribute("src");
  const api = "default-src 'none'; frame-ancestors 'none'";
  const answers: [string, string][] = [
    ["/", "frame-ancestors 'none'"],
    ["/no-such-page", "frame-ancestors 'none'"],
    ["/api/gate", api],
    ["/api/v1/health", api],
    ["/api/v1/no-such-thing", api],
    [script ?? "", ""],
  ];
  for (const [path, policy] of answers) {
    const headers = (await page.request.get(`${node.consoleUrl}${path}`)).headers();
    expect([path, headers]).toEqual([
      path,
      expect.objectContaining({
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": expect.stringContaining("camera=()"),
        "strict-transport-security": expect.stringContaining("max-age="),
        ...(policy && { "content-security-policy": expect.stringContaining(policy) }),
      }),
    ]);
    expect(headers).not.toHaveProperty("x-powered-by");
    if (path !== script) expect(headers["cache-control"]).toMatch(/no-store/);
  }
});

test("what another site has a signed-in browser send is refused, and changes nothing", async ({
  page,
}) => {
  await signedIn(page);
  await page.goto(`${node.consoleUrl}/sync-queue`);
  const row = page.getByRole("row", { name: /PROD-1/ });
  await row.hover();
  const [action] = await Promise.all([
    page.waitForRequest((request) => "next-action" in request.headers()),
    row.getByRole("button", { name: /^Hold/ }).click(),
  ]);
  const heldAt = () => db.queueEntry.findFirstOrThrow().then(({ state }) => state);
  await expect.poll(heldAt).toBe("held");
  await asked("POST", `/queue/${ids.queue}/releases`, {});

  const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  const own = { origin: node.consoleUrl, "sec-fetch-site": "same-origin" };
  expect((await again(page, action, foreign)).ok()).toBe(false);
  expect(await heldAt()).toBe("queued");
  // The same words from a page of ours are heard.
  expect((await again(page, action, own)).ok()).toBe(true);
  expect(await heldAt()).toBe("held");
  await asked("POST", `/queue/${ids.queue}/releases`, {});

  const toSession = { form: { email: EMAIL, password: "whatever it is" }, maxRedirects: 0 };
  const signOut = `${node.consoleUrl}/api/auth/signout`;
  expect((await page.request.post(signOut, { ...toSession, headers: foreign })).status()).toBe(403);
  expect((await page.request.post(signOut, { ...toSession, headers: own })).status()).not.toBe(403);
  const hold = `${node.consoleUrl}/api/v1/queue/${ids.queue}/holds`;
  expect((await page.request.post(hold, { data: {}, headers: own })).status()).toBe(401);
  expect(await heldAt()).toBe("queued");
});

/** Sends a browser's request once more, with its cookies, as if from elsewhere. */
async function again(
  page: Page,
  request: Request,
  headers: Record<string, string>,
): Promise<APIResponse> {
  return page.request.post(request.url(), {
    headers: { ...(await request.allHeaders()), ...headers },
    data: request.postDataBuffer() ?? "",
  });
}

test("no secret gets out: not in what the node prints, nor in pages, answers, exports and scripts", async ({
  page,
}) => {
  const places: Place[] = [];
  const keep = (place: string, text: string) => places.push({ place, text });

  await test.step("what goes wrong with a secret in its hands", async () => {
    await signIn(page, secret("password that was wrong"));
    await expect(page.getByText("do not belong together", { exact: false })).toBeVisible();
    const tried = secret("token that was tried");
    const there = { name: "Tried", token: tried };
    for (const baseUrl of [simulators.partner.baseUrl, "http://127.0.0.1:9"]) {
      const answer = await called("POST", "/instances/trials", { ...there, baseUrl });
      keep(`a trial at ${baseUrl}`, await answer.text());
    }
    for (const body of [{ ...there, more: tried }, { token: 1, baseUrl: tried }, tried])
      keep("a refused body", await (await called("POST", "/instances", body)).text());
    keep("a refused token", await (await called("GET", "/gate", undefined, tried)).text());
    const refused = await called("POST", "/activations", {}, secret("token of a viewer"));
    expect(refused.status).toBe(403);
    keep("a refused call", await refused.text());
    keep("a mail that could not be sent", await triedMail());
    await partner.createUser({ name: "exalate", token: "another-token-now" });
    await until("the partner's refusal", async () => {
      const { errorCode } = await db.connection.findFirstOrThrow();
      return errorCode !== null;
    });
  });

  await signedIn(page);
  const cookies = await page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const session = cookies.find(({ name }) => name.endsWith(".session"));
  SECRET["cookie of the session"] = session?.value ?? "";
  const sealed = await db.instance.findFirstOrThrow();
  SECRET["sealed token of an instance"] = sealed.secret ?? "";
  SECRET["hash of the password"] = (await db.user.findFirstOrThrow()).passwordHash;

  await test.step("everything that a browser is told while somebody uses the pages", async () => {
    page.on("response", async (response) => {
      const type = response.headers()["content-type"] ?? "";
      if (type.startsWith("text/event-stream")) return;
      keep(`in the browser, ${response.url()}`, await response.text().catch(() => ""));
    });
    await page.goto(`${node.consoleUrl}/sync-queue/${ids.queue}`);
    await expect(page.getByText(OPEN["summary of an issue"]).first()).toBeVisible();
    await page.goto(`${node.consoleUrl}/connections/new`);
    await page
      .getByRole("button", { name: /another|new instance/i })
      .first()
      .click();
    await page.getByLabel("Address").fill("http://127.0.0.1:9");
    await page.getByLabel("Access token of the sync account").fill(secret("token that was tried"));
    await page.getByRole("button", { name: "Try it and go on" }).click();
    await expect(page.getByText(/did not answer|not be reached|refused/i).first()).toBeVisible();
  });

  await test.step("every page, as HTML and as its payload", async () => {
    for (const path of everyPage(ids))
      for (const kind of ["page", "payload"]) {
        const answer = await fetch(`${node.consoleUrl}${path}`, {
          headers: { cookie, ...(kind === "payload" && { RSC: "1" }) },
        });
        expect([path, answer.status]).toEqual([path, 200]);
        keep(`${kind} ${path}`, await answer.text());
      }
  });

  await test.step("every answer that pages and programs read", async () => {
    for (const path of everyPageRead(ids)) {
      const query = path === "/api/audit/export" ? "?format=csv" : "";
      keep(`read ${path}`, await readSome(`${path}${query}`, { cookie }));
    }
    const { paths } = await asked("GET", "/openapi.json");
    const needed: Record<string, string> = { key: "PROD-1", project: "PROD", side: "local" };
    for (const [path, { get }] of Object.entries<{ get?: { parameters?: Parameter[] } }>(paths)) {
      if (!get) continue;
      const before = path.split("/{")[0] ?? "";
      const filled = path.replace(/\{[^}]+\}/, String(ids[`api/v1${before}`]));
      const query = new URLSearchParams(
        (get.parameters ?? [])
          .filter((parameter) => parameter.in === "query" && parameter.required)
          .map(({ name }): [string, string] => [name, needed[name] ?? "unknown"]),
      );
      const answer = await called("GET", `${filled}?${query}`);
      expect([path, answer.status]).toEqual([path, 200]);
      keep(`answer ${path}`, await answer.text());
    }
    for (const format of ["csv", "jsonl"]) {
      const file = await called("POST", "/audit/exports", { format });
      expect(file.status).toBe(200);
      keep(`export as ${format}`, await file.text());
    }
  });

  await test.step("while the database is away", async () => {
    cable.refuse(true);
    cable.cut();
    for (const path of ["/", "/api/gate", "/api/v1/gate", "/api/v1/health"]) {
      const headers = { cookie, Authorization: `Bearer ${secret("token of the API")}` };
      keep(`without a database ${path}`, await readSome(path, headers));
    }
    cable.refuse(false);
    await until("the node works again", async () => (await called("GET", "/gate")).ok);
  });

  for (const name of readdirSync(".next/static", { recursive: true, encoding: "utf8" }))
    if (/\.(js|css|json|map)$/.test(name))
      keep(`file ${name}`, readFileSync(join(".next/static", name), "utf8"));
  keep("what the node printed", printed.join("\n"));

  await test.step("the search would find one", async () => {
    const found = givenAway(places, OPEN);
    for (const kind of [/^page \/.*summary/, /^payload \/.*summary/, /^read \/api\/.*summary/])
      expect(found).toContainEqual(expect.stringMatching(kind));
    expect(found).toContain(`answer /queue: summary of an issue`);
    expect(found).toContain("export as csv: name of a token");
    expect(found).toContain("export as jsonl: name of a token");
    expect(found).toContain("what the node printed: name of a token");
    expect(found).toContainEqual(expect.stringMatching(/^in the browser.*summary/));
    const inScripts = givenAway(places, { words: "Access token of the sync account" });
    expect(inScripts).toContainEqual(expect.stringMatching(/^file .*\.js: words/));
    for (const form of formsOf(secret("password")))
      expect(givenAway([{ place: "x", text: `…${form}…` }], SECRET)).toEqual(["x: password"]);
    const inside = Buffer.from(`ada:${secret("password")}@x`).toString("base64");
    expect(givenAway([{ place: "x", text: inside }], SECRET)).toEqual(["x: password"]);
  });
  console.info(
    `${Object.keys(SECRET).length} secrets searched for in ${places.length} places, ${Math.round(
      places.reduce((sum, { text }) => sum + text.length, 0) / 1_000,
    )} kB`,
  );
  expect(givenAway(places, SECRET)).toEqual([]);
});

type Parameter = { name: string; in: string; required?: boolean };

/** An answer's text; of a stream that does not end, what has come first. */
async function readSome(path: string, headers: Record<string, string>): Promise<string> {
  const answer = await fetch(`${node.consoleUrl}${path}`, { headers });
  if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) return answer.text();
  const reader = answer.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return Buffer.from(first?.value ?? []).toString("utf8");
}
