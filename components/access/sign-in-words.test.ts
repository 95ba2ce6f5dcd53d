import { expect, test } from "vitest";
import { nextPath, signInFailure } from "@/components/access/sign-in-words";

test("a failed sign-in never says whether the address or the password was wrong", () => {
  expect(signInFailure("CredentialsSignin")).toBe(
    "This e-mail address and password do not belong together.",
  );
});

test("after too many attempts it says how long to wait", () => {
  expect(signInFailure("wait 12 s")).toBe(
    "Too many attempts did not work. Wait 12 s, then try again.",
  );
});

test("after signing in one stays at this console", () => {
  expect(nextPath("/sync-queue?state=held")).toBe("/sync-queue?state=held");
  expect(nextPath("https://evil.example/sync-queue")).toBe("/sync-queue");
  expect(nextPath("//evil.example/x")).toBe("/x");
  expect(nextPath("/.//evil.example")).toBe("/evil.example");
  expect(nextPath(undefined)).toBe("/");
});

test.each([
  "x:https://evil.example/",
  "x:javascript:alert(1)",
  "javascript:javascript:alert(1)",
  "x:/\\evil.example",
  "x://y/\\evil.example",
  "data:text/html,hello",
  "/\\evil.example",
  "/\t/evil.example",
])("signing in with %j as the way back ends at the Overview, not elsewhere", (way) => {
  expect(nextPath(way)).toBe("/");
});
