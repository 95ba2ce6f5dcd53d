import { describe, expect, test } from "vitest";
import {
  arrivalOf,
  offersOf,
  othersOf,
  plainWords,
  reachWarning,
  standingOf,
} from "@/components/connections/webhook-words";
import type { WebhookSide, WishWaitsFor } from "@/lib/connections/webhook-page";
import type { FoundWebhook } from "@/lib/connections/webhook-rules";

const side = (over: Partial<WebhookSide> = {}): WebhookSide => ({
  side: "local",
  instance: "production",
  instanceUrl: "https://jira.example.com",
  hasWebhooks: true,
  address: "https://sync.example.com/api/webhooks/1?side=local",
  signs: true,
  found: [],
  lookedAt: "2026-11-26T03:00:00.000Z",
  trouble: null,
  registeredAt: null,
  wish: null,
  failure: null,
  heardAt: null,
  doubted: null,
  ...over,
});
const hook = (over: Partial<FoundWebhook> = {}): FoundWebhook => ({
  id: "1",
  name: "Exalate",
  address: "https://sync.example.com/api/webhooks/1?side=local",
  events: [],
  lacks: null,
  whose: "ours",
  since: null,
  failed: null,
  ...over,
});
const wish = (waitsFor: WishWaitsFor) =>
  ({ want: "register", at: "2026-11-26T03:00:00.000Z", by: "ada", waitsFor }) as const;
const refusal = { code: "field_rejected", message: "403", at: "2026-11-26T03:00:00.000Z" };

describe("how a webhook stands", () => {
  test.for([
    ["None here", side({ hasWebhooks: false })],
    ["Not looked yet", side({ found: null })],
    ["Not known, and not needed", side({ trouble: { code: "field_rejected", message: "403" } })],
    [
      "Not known",
      side({ trouble: { code: "field_rejected", message: "403" }, registeredAt: "2026-11-26" }),
    ],
    ["Not known", side({ trouble: { code: "credentials_rejected", message: "401" } })],
    ["Not registered", side()],
    ["Not registered", side({ found: [hook({ whose: "elsewhere" })] })],
    ["Registered", side({ found: [hook({ lacks: "enabled" }), hook()] })],
    ["Needs a look", side({ found: [hook({ lacks: "enabled" })] })],
    ["Needs a look", side({ found: [hook({ lacks: "secret" })] })],
    [
      "Registered by hand",
      side({ found: [hook({ lacks: "secret" })], heardAt: "2026-11-26T03:00:00.000Z" }),
    ],
    [
      "Needs a look",
      side({
        found: [hook({ lacks: "secret" })],
        heardAt: "2026-11-26T03:00:00.000Z",
        registeredAt: "2026-11-26T02:00:00.000Z",
      }),
    ],
    ["Not done", side({ failure: refusal })],
    ["Waits for an activation", side({ wish: wish("activation"), failure: refusal })],
    ["Being registered", side({ wish: wish("worker") })],
    ["Tried again", side({ wish: wish("worker"), failure: refusal })],
  ] as const)("is said: %s", ([word, state]) => {
    expect(standingOf(state).word).toBe(word);
  });

  test("while it waits for anything, nothing is sent, and that is said", () => {
    const waits = ["activation", "scope", "resumption", "release", "confirmation", "sign_of_life"];
    for (const each of waits as WishWaitsFor[])
      expect(standingOf(side({ wish: wish(each) })).said).toMatch(/Nothing is sent to production/);
  });

  test("decides what is offered", () => {
    const words = (state: WebhookSide) => offersOf(state).map((offer) => offer.words);
    expect(words(side())).toEqual(["Register the webhook", "Look again"]);
    expect(words(side({ wish: wish("activation") }))).toEqual(["Leave it as it is"]);
    expect(words(side({ found: [hook()] }))).toEqual(["Look again", "Remove it there"]);
    expect(words(side({ found: [hook({ lacks: "events" })] }))[0]).toBe("Put it right");
    expect(words(side({ hasWebhooks: false }))).toEqual([]);
    expect(othersOf(side({ found: [hook(), hook({ whose: "original" })] }))).toHaveLength(1);
  });
});

test("what Jira says is shown without its brackets, and what is no such answer as it is", () => {
  const asked = "Acme answered 403 to GET /rest/x: ";
  const both = '{"errorMessages":["You may \\"not\\".","Ask."],"errors":{}}';
  expect(plainWords(`${asked}${both}`)).toBe(`${asked}You may "not". Ask.`);
  expect(plainWords(`${asked}{"errorMessages":[],"errors":{"url":"bad"}}`)).toBe(
    `${asked}{"errorMessages":[],"errors":{"url":"bad"}}.`,
  );
  expect(plainWords("no answer")).toBe("no answer.");
});

describe("whether events reach us", () => {
  const earlier = "2026-11-26T03:00:00.000Z";
  const later = "2026-11-26T03:01:00.000Z";

  test("is told by the last one, proven or not", () => {
    expect(arrivalOf(side({ heardAt: earlier }), "PROD")).toMatchObject({
      word: "Last event",
      at: earlier,
    });
    const doubted = { at: later, because: "its signature is wrong" };
    expect(arrivalOf(side({ heardAt: earlier, doubted }), "PROD")).toMatchObject({
      word: "The last event was refused",
      said: expect.stringMatching(/its signature is wrong/),
      at: later,
    });
    const mended = { heardAt: later, doubted: { ...doubted, at: earlier } };
    expect(arrivalOf(side(mended), "PROD").word).toBe("Last event");
  });

  test("is said to be proven by the next change, in which project", () => {
    expect(arrivalOf(side({ found: [hook()] }), "PROD").said).toMatch(/Change one in PROD/);
    expect(arrivalOf(side(), "PROD").word).toBe("Waiting for the first event");
  });

  test("is not, when the instance counts deliveries that failed and none came", () => {
    const failing = side({ found: [hook({ failed: 3 })] });
    expect(arrivalOf(failing, "PROD")).toMatchObject({
      word: "Its events do not arrive",
      said: expect.stringMatching(/3 events/),
    });
    expect(arrivalOf({ ...failing, heardAt: earlier }, "PROD").word).toBe("Last event");
  });

  test("cannot be, when the address is this machine's own and the instance is elsewhere", () => {
    const local = "http://localhost:3000/api/webhooks/1?side=local";
    expect(reachWarning(side({ address: local }))).toMatch(/CONSOLE_URL/);
    expect(reachWarning(side({ address: local, instanceUrl: "http://127.0.0.1:8080" }))).toBeNull();
    expect(reachWarning(side())).toBeNull();
  });
});
