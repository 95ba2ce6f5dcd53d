import { expect, test } from "vitest";
import { activationLabel, whatHappened } from "@/components/gate/activation-words";

test("the activation button says how many issues it will send", () => {
  expect(activationLabel(0)).toBe("Activate sync");
  expect(activationLabel(1)).toBe("Activate sync and send 1 issue");
  expect(activationLabel(10_001)).toBe("Activate sync and send 10,000+ issues");
});

test("the dialog says who closed the gate, or what the node says about itself", () => {
  expect(whatHappened({ by: "ada", reason: "patch night" })).toBe(
    "ada deactivated it: “patch night”.",
  );
  expect(whatHappened({ by: "ada", reason: null })).toBe("ada deactivated it.");
  expect(whatHappened({ by: null, reason: "the node restarted" })).toBe("The node restarted.");
  expect(whatHappened({ by: null, reason: null })).toBe("It has not been activated yet.");
});
