import { expect, type Locator, type Page, test } from "@playwright/test";
import { type EmptyNode, startEmptyNode, untilTwin } from "@/e2e/empty-node";

/** From one thing to do to the next, and on the whole way. They are counted, and printed. */
const MOST_TABS = 30;
const MOST_PRESSES = 150;

test.use({ actionTimeout: 15_000 });

let house: EmptyNode;
test.beforeAll(async () => {
  house = await startEmptyNode();
});
test.afterAll(() => house.stop());

/** A person without a pointer: Tab to a thing, see that one is there, then press or type. */
function keyboard(page: Page) {
  const spent = { presses: 0, most: 0 };
  const press = async (key: string) => {
    await page.keyboard.press(key);
    spent.presses += 1;
  };
  const reach = async (what: Locator) => {
    await expect(what).toBeEnabled();
    const isThere = () => what.evaluate((element) => element === document.activeElement);
    let tabs = 0;
    for (; !(await isThere()); tabs++) {
      if (tabs === MOST_TABS) throw new Error(`${MOST_TABS} times Tab did not reach ${what}`);
      await press("Tab");
    }
    spent.most = Math.max(spent.most, tabs);
    expect([`${what}`, await what.evaluate(howItIsSeen)]).toEqual([`${what}`, "seen"]);
  };
  return {
    spent,
    async choose(what: Locator): Promise<void> {
      await reach(what);
      await press("Enter");
    },
    async type(what: Locator, text: string): Promise<void> {
      await reach(what);
      await page.keyboard.type(text);
    },
  };
}

/** Whether what has the focus shows that it has, inside the window and under nothing else (WCAG 2.4.7, 2.4.11). */
function howItIsSeen(element: Element): string {
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
  const isMarked = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
  if (!isMarked) return "focused without a mark";
  const { top, bottom, left, width } = element.getBoundingClientRect();
  if (top < 0 || bottom > window.innerHeight) return "focused outside the window";
  const above = document.elementFromPoint(left + width / 2, (top + bottom) / 2);
  return above && element.contains(above) ? "seen" : `focused under ${above?.outerHTML}`;
}

test("from an empty node to the first synchronised issue by keyboard alone, the focus always in sight", async ({
  page,
}) => {
  const { welcomeLink, simulators, production, partner } = house;
  const me = keyboard(page);
  const button = (name: string) => page.getByRole("button", { name, exact: true });

  await page.goto(welcomeLink);
  await me.type(page.getByLabel("Name"), "Ada");
  await me.type(page.getByLabel("E-mail address"), "ada@example.com");
  await me.type(page.getByLabel("Password"), "a sentence is a fine password");
  await page.keyboard.press("Enter");
  await me.choose(page.getByRole("link", { name: "Connect two instances" }).first());

  for (const { baseUrl } of [simulators.production, simulators.partner]) {
    await me.type(page.getByLabel("Address"), baseUrl);
    await me.type(page.getByLabel("Access token of the sync account"), "exalate-token");
    await page.keyboard.press("Enter");
    await me.choose(button("Use this project"));
  }
  await me.choose(button("All of it").first());
  await expect(page.getByText("4 issues")).toBeVisible();
  await me.choose(button("Use this search"));
  await me.choose(button("Use this mapping"));
  await me.choose(button("Agree on this"));
  await expect(page.getByText("1 new issue").first()).toBeVisible();
  await me.choose(button("Create the connection"));
  await me.choose(page.getByRole("link", { name: "Finish" }));
  await expect(page.getByRole("heading", { name: "Local side", exact: true })).toBeVisible();

  await production.as("ada-token").createIssue({ project: "PROD", summary: "The first one" });
  await me.choose(page.getByRole("link", { name: "Review and activate" }));
  await expect(page.getByText("The first one").first()).toBeVisible();
  await me.choose(page.getByRole("button", { name: /^Activate sync/ }).last());
  await untilTwin(partner, "The first one");

  console.info(
    `by keyboard alone to a synchronised issue: ${me.spent.presses} keys besides the typing, at most ${me.spent.most} from one thing to the next`,
  );
  expect(me.spent.presses).toBeLessThanOrEqual(MOST_PRESSES);
});
