import { expect, type Locator, type Page, test } from "@playwright/test";
import { ADA, noFindings } from "@/e2e/ada";
import { type EmptyNode, startEmptyNode, untilTwin } from "@/e2e/empty-node";

/** What this path may cost a person. It is counted, and printed. */
const MOST_CLICKS = 14;
const MOST_FIELDS = 7;

test.describe.configure({ mode: "serial" });
test.use({ actionTimeout: 15_000 });

let house: EmptyNode;
let node: EmptyNode["node"];
let simulators: EmptyNode["simulators"];
let production: EmptyNode["production"];
let partner: EmptyNode["partner"];

test.beforeAll(async () => {
  house = await startEmptyNode();
  ({ node, simulators, production, partner } = house);
});

test.afterAll(() => house.stop());

/** A person's hands, counted. */
function hands() {
  const spent = { clicks: 0, fields: 0 };
  return {
    spent,
    async click(what: Locator): Promise<void> {
      await what.click();
      spent.clicks += 1;
    },
    async type(what: Locator, text: string): Promise<void> {
      await what.fill(text);
      spent.fields += 1;
    },
  };
}

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

async function signIn(page: Page): Promise<void> {
  await page.getByLabel("E-mail address").fill(ADA.email);
  await page.getByLabel("Password").fill(ADA.password);
  await button(page, "Sign in").click();
}

async function addInstance(
  page: Page,
  { click, type }: ReturnType<typeof hands>,
  url: string,
): Promise<void> {
  await type(page.getByLabel("Address"), url);
  await type(page.getByLabel("Access token of the sync account"), "exalate-token");
  await click(button(page, "Try it and go on"));
  await expect(button(page, "Use this project")).toBeEnabled();
  await click(button(page, "Use this project"));
}

test("from an empty node to the first synchronised issue, with the browser alone", async ({
  page,
}) => {
  const me = hands();
  await test.step("the first administrator, by the link that the node printed", async () => {
    await page.goto(house.welcomeLink);
    await me.type(page.getByLabel("Name"), "Ada");
    await me.type(page.getByLabel("E-mail address"), ADA.email);
    await me.type(page.getByLabel("Password"), ADA.password);
    await me.click(button(page, "Create the administrator"));
    await me.click(page.getByRole("link", { name: "Connect two instances" }).first());
  });

  await test.step("a wrong token is said where it is typed, and nothing is lost", async () => {
    await page.getByLabel("Address").fill(simulators.production.baseUrl);
    await page.getByLabel("Access token of the sync account").fill("expired");
    await button(page, "Try it and go on").click();
    await expect(
      page.getByText("Make a new personal access token in Jira", { exact: false }),
    ).toBeVisible();
    await expect(page.getByLabel("Address")).toHaveValue(simulators.production.baseUrl);
  });

  await test.step("both sides", async () => {
    await addInstance(page, me, simulators.production.baseUrl);
    await addInstance(page, me, simulators.partner.baseUrl);
  });

  await test.step("what comes under sync, counted while it is typed", async () => {
    await me.click(button(page, "All of it").first());
    await expect(page.getByText("4 issues")).toBeVisible();
    await page.reload();
    await expect(page.getByLabel("From production, project PROD")).toBeVisible();
    await button(page, "All of it").first().click();
    await me.click(button(page, "Use this search"));
  });

  await test.step("the mapping as it is proposed", async () => {
    await expect(page.getByRole("rowheader", { name: "Status" })).toBeVisible();
    await noFindings(page);
    await me.click(button(page, "Use this mapping"));
    await me.click(button(page, "Agree on this"));
  });

  await test.step("the first plans, before anything is kept", async () => {
    await expect(page.getByText("1 new issue").first()).toBeVisible();
    expect(await partner.writes()).toEqual([]);
    await me.click(button(page, "Create the connection"));
  });

  await test.step("a webhook that is wanted waits for an activation; where one may not be registered, it is said", async () => {
    const there = page.getByRole("region", { name: "Webhook at production" });
    await expect(there.getByText("Not registered.")).toBeVisible();
    await there.getByRole("button", { name: /^Register the webhook/ }).click();
    await expect(there.getByText("Waits for an activation.")).toBeVisible();
    await expect(page.getByText("Not known, and not needed.")).toBeVisible();
    await noFindings(page);
    expect(await production.writes()).toEqual([]);
    await me.click(page.getByRole("link", { name: "Finish" }));
    await expect(page.getByRole("heading", { name: "Local side", exact: true })).toBeVisible();
    await expect(page.getByRole("heading", { name: "production and partner" })).toBeVisible();
  });

  await test.step("an issue that changes waits, is reviewed, and is sent", async () => {
    await production.as("ada-token").createIssue({ project: "PROD", summary: "The first one" });
    await me.click(page.getByRole("link", { name: "Review and activate" }));
    await expect(page.getByText("The first one").first()).toBeVisible();
    const activate = page.getByRole("button", { name: /^Activate sync/ }).last();
    await expect(activate).toBeEnabled();
    await me.click(activate);
    await untilTwin(partner, "The first one");
  });

  await test.step("whoever saw the first steps is told once that they are done", async () => {
    await page.getByRole("link", { name: "Overview", exact: true }).click();
    const steps = page.getByRole("region", { name: "First steps" });
    await expect(steps.getByText("The first steps are done.")).toBeVisible();
    await expect(page.getByRole("link", { name: "PROD-5 ↔ ACME-1" })).toBeVisible();
    await steps.getByRole("button", { name: "Close" }).click();
    await expect(steps).toBeHidden();
    await page.reload();
    await expect(page.getByRole("link", { name: "PROD-5 ↔ ACME-1" })).toBeVisible();
    await expect(steps).toBeHidden();
  });
  console.info(
    `from an empty node to a synchronised issue: ${me.spent.clicks} clicks, ${me.spent.fields} typed fields`,
  );
  expect(me.spent.clicks).toBeLessThanOrEqual(MOST_CLICKS);
  expect(me.spent.fields).toBeLessThanOrEqual(MOST_FIELDS);
});

test("the activation registers the webhook, and the next change is heard of by it", async ({
  page,
}) => {
  await page.goto(`${node.consoleUrl}/connections`);
  await signIn(page);
  await page.getByRole("link", { name: "production and partner" }).click();
  const there = page.getByRole("region", { name: "Webhook at production" });
  await expect(there.getByText("Registered.", { exact: true })).toBeVisible();
  await production.as("ada-token").editIssue("PROD-5", { description: "Told at once" });
  await expect(there.getByText("Last event:")).toBeVisible();
  await noFindings(page);
});

test("while it is active a connection is not pointed elsewhere; it is paused for a reason, and resumed", async ({
  page,
}) => {
  await page.goto(`${node.consoleUrl}/connections`);
  await signIn(page);
  await page.getByRole("link", { name: "production and partner" }).click();
  await button(page, "Point the remote side elsewhere").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name of the instance").fill("partner staging");
  await dialog.getByLabel("Address").fill(simulators.partner.baseUrl);
  await dialog.getByLabel("Personal access token").fill("exalate-token");
  await button(page, "Point it there").click();
  await expect(dialog.getByText("deactivate first", { exact: false })).toBeVisible();
  await button(page, "Leave it as it is").click();
  await button(page, "Pause").click();
  await page.getByLabel(/Reason/).fill("their upgrade");
  await button(page, "Pause the connection").click();
  await expect(page.getByText("Paused by ada@example.com")).toBeVisible();
  await button(page, "Resume").click();
  await expect(button(page, "Pause")).toBeVisible();
});

test("what was agreed is changed with the consequences in view, and taken back", async ({
  page,
}) => {
  await page.goto(`${node.consoleUrl}/connections`);
  await signIn(page);
  await page.getByRole("link", { name: "production and partner" }).click();
  await button(page, "Change what was agreed").click();
  const search = page.getByLabel("What comes under sync from production, project PROD");
  await search.fill("project = PROD AND no such thing");
  await expect(page.getByText("Jira refused a search", { exact: false })).toBeVisible();
  await expect(button(page, "Save 1 change")).toBeDisabled();
  await search.fill('project = PROD AND summary ~ "first"');
  const will = page.getByRole("region", { name: "What will happen" });
  await expect(will.getByText("names 1 issue instead of 5", { exact: false })).toBeVisible();
  await expect(will.getByText("Its 1 pair is named by it", { exact: false })).toBeVisible();
  await page.getByLabel("The later edit wins").check();
  await noFindings(page);
  await button(page, "Save 2 changes").click();
  await expect(page.getByText('project = PROD AND summary ~ "first"')).toBeVisible();
  await expect(page.getByText("The later edit wins.")).toBeVisible();
  await button(page, "Undo").click();
  await expect(page.getByText("A person decides.").first()).toBeVisible();
  await expect(page.getByText("project = PROD", { exact: true })).toBeVisible();
});

test("two issues that exist are linked by hand: what stands in the way is said, and the pair is shown", async ({
  page,
}) => {
  await partner.as("eve-token").createIssue({ project: "ACME", summary: "Issue 1" });
  await page.goto(`${node.consoleUrl}/issues`);
  await signIn(page);
  const written = (await partner.writes()).length;
  await button(page, "Link two issues").click();
  const dialog = page.getByRole("dialog", { name: "Link two issues" });
  const ours = dialog.getByLabel("Key at production");
  const theirs = dialog.getByLabel("Key at partner");
  await ours.fill("PROD-99");
  await expect(dialog.getByText("PROD-99", { exact: false })).toBeVisible();
  await ours.fill("PROD-5");
  await expect(dialog.getByText("It is in step with ACME-1 already.")).toBeVisible();
  await theirs.fill("ACME-2");
  await expect(dialog.getByText("Issue 1", { exact: true })).toBeVisible();
  await expect(dialog.getByRole("button", { name: /^Link/ })).toBeDisabled();
  await ours.fill("PROD-1");
  await expect(dialog.getByText("Issue 1", { exact: true })).toHaveCount(2);
  await expect(dialog.getByText("Where they differ, ", { exact: false })).toContainText(
    "Synchronisation is active: what needs no decision is sent",
  );
  await noFindings(page);
  await page.keyboard.press("Enter");
  await expect(page.getByText("PROD-1 and ACME-2 are a pair.")).toBeVisible();
  await button(page, "Show").click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("PROD-1");
  await expect(page.getByText("ACME-2").first()).toBeVisible();
  const writes = (await partner.writes()).slice(written);
  expect(writes.filter(({ method, path }) => method === "POST" && path.endsWith("/issue"))).toEqual(
    [],
  );
});

test("what exists already is brought in: counted, shown, told what becomes of it, and nothing sent before an activation", async ({
  page,
}) => {
  await page.goto(`${node.consoleUrl}/connections`);
  await signIn(page);
  await expect(page.getByText("working", { exact: true })).toBeVisible();
  await button(page, "Synchronisation menu").click();
  await button(page, "Deactivate…").click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Deactivate/ })
    .click();
  await expect(page.getByText("Synchronisation is inactive.")).toBeVisible();
  await expect(page.getByText("ready, nothing is sent", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "production and partner" }).click();
  const written = (await partner.writes()).length;

  await button(page, "Bring in existing issues").click();
  const dialog = page.getByRole("dialog", { name: "Bring in existing issues" });
  const from = dialog.getByRole("region", { name: "From production" });
  await expect(from.getByRole("status")).toHaveText(
    "5 issues match now. 2 are under sync already and stay as they are.",
  );
  await expect(from.getByRole("list", { name: "Examples" })).toContainText("PROD-4Issue 4");
  await expect(dialog.getByText("they wait in the Sync Queue", { exact: false })).toBeVisible();
  await noFindings(page);
  await button(page, "Bring in the 3 issues that match now").click();
  await expect(from.getByText("They are in.")).toBeVisible();
  await expect(from.getByRole("status")).toContainText("All are under sync already.");
  await from.getByRole("link", { name: "See what waits for them" }).click();
  for (const key of ["PROD-2", "PROD-3", "PROD-4"])
    await expect(page.getByRole("link", { name: key, exact: true })).toBeVisible();
  await expect(page.getByText("4 issues wait", { exact: false }).first()).toBeVisible();
  expect(await partner.writes()).toHaveLength(written);
});

test("somebody is invited with a role, takes up the link, and sees what that role may see", async ({
  page,
  browser,
}) => {
  await page.goto(`${node.consoleUrl}/settings`);
  await signIn(page);
  await expect(page.getByRole("heading", { name: "People" })).toBeVisible();
  await noFindings(page);
  const people = page.getByRole("region", { name: "People" });
  await people.getByLabel("Name", { exact: true }).fill("Bob");
  await people.getByLabel("E-mail address").fill("bob@example.com");
  await button(page, "Make an invitation").click();
  const link = await people.locator("code").textContent();

  const other = await (await browser.newContext()).newPage();
  await other.goto(link ?? "");
  await other.getByLabel(/^Password/).fill("another fine password");
  await button(other, "Create the account").click();
  await expect(other.getByRole("heading", { name: "Overview" })).toBeVisible();
  await other.goto(`${node.consoleUrl}/settings`);
  await expect(other.getByRole("heading", { name: "Your account" })).toBeVisible();
  await expect(other.getByRole("heading", { name: "People" })).toBeHidden();
  await other.goto(`${node.consoleUrl}/connections/new`);
  const heading = other.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText("This page needs the role administrator.");
});
