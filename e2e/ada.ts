import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** The administrator of every console that is looked at. */
export const ADA = { email: "ada@example.com", password: "a sentence is a fine password" };

/** Ada signs in where she is asked to, and comes to the page that she asked for. */
export async function signIn(page: Page, address: string, heading = "Overview"): Promise<void> {
  await page.goto(address);
  await page.getByLabel("E-mail address").fill(ADA.email);
  await page.getByLabel("Password").fill(ADA.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: heading, level: 1 })).toBeVisible();
}

/**
 * What axe finds of the page as it is now: nothing. `where` stands before a finding. A colour that is still on
 * its way to another, as after a change of theme, has a contrast that nobody reads by.
 */
export async function noFindings(page: Page, where = "page"): Promise<void> {
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((animation) => animation instanceof CSSTransition)
        .map(({ finished }) => finished),
    ),
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${where} ${id}: ${nodes[0]?.html}`)).toEqual([]);
}
