import type { Person } from "@/e2e/simulators/jira-data-center/client";

/** What people did while nothing was sent. Each line is one visit of one person. */
export type Visit = { by: string; does: (person: Person) => Promise<unknown> };

const at = (by: string, does: Visit["does"]): Visit => ({ by, does });

const STEPS_TO_REPRODUCE = `After a reset by mail the new password is refused until the browser's cookies are cleared.

Seen with Firefox 142 and Edge 140.

h3. Steps
# Ask for a reset, follow the link, choose a password.
# Sign in with it: "wrong password".
# Clear the cookies of the portal, sign in again: it works.`;

/** At the production Jira, in this order. */
export const PRODUCTION_NEWS: Visit[] = [
  at("ada", (ada) => ada.transition("PROD-1", "In Progress")),
  at("ada", (ada) => ada.editIssue("PROD-1", { description: STEPS_TO_REPRODUCE })),
  at("jonas", (jonas) =>
    jonas.comment(
      "PROD-1",
      "I can reproduce it. The session cookie of before the reset is still sent.",
    ),
  ),
  at("mei", (mei) =>
    mei.editIssue("PROD-3", {
      priority: { name: "High" },
      labels: ["billing", "customer-request"],
    }),
  ),
  at("ada", (ada) => ada.transition("PROD-4", "Done")),
  at("jonas", async (jonas) => {
    // Many edits of one issue are one entry, and one update.
    for (const rows of ["20,000", "50,000", "100,000", "250,000"]) {
      await jonas.editIssue("PROD-2", { summary: `Export of orders stops at ${rows} rows` });
    }
    await jonas.editIssue("PROD-2", { summary: "Export of orders stops without a message" });
  }),
  at("mei", (mei) =>
    mei.comment("PROD-5", "With one query for all tiles it takes 1.4 s. Pull request is up."),
  ),
  at("mei", (mei) => mei.transition("PROD-5", "In Review")),
  at("ada", (ada) =>
    ada.editIssue("PROD-6", {
      summary: "Two-factor code is refused when the phone's clock is wrong",
    }),
  ),
  at("jonas", (jonas) =>
    jonas.editIssue("PROD-9", {
      description:
        "Retry with a growing delay for *three days*, then tell the owner and switch the webhook off.",
    }),
  ),
  at("ada", (ada) =>
    ada.comment("PROD-18", "Please treat this as confidential until the release on Thursday."),
  ),
  at("ada", (ada) => ada.transition("PROD-18", "Done")),
  at("mei", (mei) =>
    mei.editIssue("PROD-23", { labels: ["performance", "asia"], priority: { name: "Highest" } }),
  ),
  at("jonas", (jonas) => jonas.transition("PROD-33", "Done")),
  at("jonas", (jonas) =>
    jonas.comment(
      "PROD-33",
      "Found it: the voucher was applied to the price before *and* after the discount.",
    ),
  ),
  at("jonas", (jonas) =>
    jonas.comment("PROD-33", "Fixed in 7.18.2. Could you check with your test customer?"),
  ),
  at("ada", (ada) =>
    ada.createIssue({
      project: "PROD",
      summary: "Password reset mail lands in the spam folder",
      description: "Several customers of one provider. SPF is fine, DKIM is not.",
      priority: { name: "High" },
      labels: ["mail", "login"],
    }),
  ),
  at("mei", (mei) =>
    mei.createIssue({
      project: "PROD",
      summary: "Checkout shows yen with two decimals",
      description: "Yen have none.",
      priority: { name: "Medium" },
      labels: ["i18n", "billing"],
    }),
  ),
  at("jonas", async (jonas) => {
    const { key } = await jonas.createIssue({
      project: "PROD",
      summary: "Webhook signature uses SHA-1",
      description: "Offer SHA-256, keep SHA-1 for one release.",
      priority: { name: "High" },
      labels: ["integration", "security"],
    });
    await jonas.comment(key, "Acme asked for this in the last call.");
    await jonas.transition(key, "In Progress");
  }),
  at("ada", (ada) => ada.editIssue("PROD-40", { description: null })),
];

/** At the partner's Jira. */
export const PARTNER_NEWS: Visit[] = [
  at("rafael", (rafael) =>
    rafael.comment(
      "ACME-16",
      "Confirmed with two customers in São Paulo. They would accept a fix next week.",
    ),
  ),
  at("rafael", (rafael) => rafael.editIssue("ACME-16", { priority: { name: "P1" } })),
  at("priya", (priya) => priya.transition("ACME-11", "Closed")),
  at("priya", (priya) =>
    priya.comment(
      "ACME-27",
      "Three more customers were told that they had paid. Can we have a date?",
    ),
  ),
  at("priya", (priya) =>
    priya.editIssue("ACME-37", {
      summary: "SAML sign-in loses the page one came from (deep links)",
    }),
  ),
  // Both sides changed the same issue, in different fields: they are merged.
  at("rafael", (rafael) =>
    rafael.editIssue("ACME-3", { summary: "Invoices and reminders show the old company address" }),
  ),
];

/** How many pairs these visits leave different, the new issues among them. */
export const PAIRS_WITH_NEWS = 18;
