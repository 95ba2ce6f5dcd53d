import { describe, expect, test } from "vitest";
import { toParts } from "@/lib/identity/address";
import { type Confirmed, checkInstance } from "@/lib/identity/instance-identity";

const PUBLIC = "https://jira.example.com";
const INTERNAL = "http://jira.internal:8080";
const CONFIRMED: Confirmed = {
  address: toParts(INTERNAL),
  reported: toParts(PUBLIC),
  applicationId: "app-1",
};

const seenAs = (reported: string, applicationId: string | null = "app-1") => ({
  reported: toParts(reported),
  applicationId,
});
const said = (check: ReturnType<typeof checkInstance>) =>
  check.kind === "ask" ? check.message : check.kind;

describe("an instance that was never confirmed", () => {
  test("is confirmed without a person when it calls itself what we call it", () => {
    expect(checkInstance("Jira", `${PUBLIC}/`, null, seenAs(PUBLIC))).toEqual({
      kind: "confirm",
      confirmed: { address: toParts(PUBLIC), reported: toParts(PUBLIC), applicationId: "app-1" },
    });
  });

  test("is asked about when it calls itself something else, with both addresses", () => {
    const message = said(checkInstance("Jira", INTERNAL, null, seenAs(PUBLIC)));
    expect(message).toContain(`Jira is called at ${INTERNAL} and calls itself ${PUBLIC}`);
    expect(message).toContain("confirm on the Activation page");
  });

  test.for([
    ["http://jira.example.com", "another scheme"],
    ["https://jira.example.com:8443", "another port"],
    ["https://jira.example.com/jira", "another path"],
    ["https://jira-test.example.com", "another host"],
  ])("is asked about at %s: %s", ([address]) => {
    expect(checkInstance("Jira", address ?? "", null, seenAs(PUBLIC)).kind).toBe("ask");
  });

  test("that says nothing of itself has nothing to compare", () => {
    expect(checkInstance("Jira", PUBLIC, null, null)).toEqual({ kind: "fine" });
  });
});

describe("an instance that was confirmed", () => {
  test("behind a proxy is confirmed once, and is fine from then on", () => {
    expect(checkInstance("Jira", INTERNAL, CONFIRMED, seenAs(PUBLIC))).toEqual({ kind: "fine" });
    expect(checkInstance("Jira", `${INTERNAL}/`, CONFIRMED, seenAs(`${PUBLIC}:443/`))).toEqual({
      kind: "fine",
    });
  });

  test("is asked about when it is called at another address, even if it says the same", () => {
    const message = said(checkInstance("Jira", "http://jira.test:8080", CONFIRMED, seenAs(PUBLIC)));
    expect(message).toContain(`Jira was confirmed at ${INTERNAL}`);
    expect(message).toContain("its address is http://jira.test:8080 now");
  });

  test("is asked about at an address where it calls itself so, when somebody else was confirmed", () => {
    const clone = "https://jira-test.example.com";
    expect(checkInstance("Jira", clone, CONFIRMED, seenAs(clone)).kind).toBe("ask");
  });

  test("is asked about when it calls itself something else", () => {
    const message = said(
      checkInstance("Jira", INTERNAL, CONFIRMED, seenAs("https://jira-test.example.com")),
    );
    expect(message).toContain(`called itself ${PUBLIC} when it was confirmed`);
    expect(message).toContain("https://jira-test.example.com now");
  });

  test("is asked about when another application answers there, with both ids", () => {
    const message = said(checkInstance("Jira", INTERNAL, CONFIRMED, seenAs(PUBLIC, "app-2")));
    expect(message).toContain("another application");
    expect(message).toContain("app-2, not app-1");
  });

  test.for([
    [null, "app-1"],
    ["app-1", null],
  ] as const)("is fine where one of the application ids is not known: %s, %s", ([then, now]) => {
    const confirmed = { ...CONFIRMED, applicationId: then };
    expect(checkInstance("Jira", INTERNAL, confirmed, seenAs(PUBLIC, now)).kind).toBe("fine");
  });
});
