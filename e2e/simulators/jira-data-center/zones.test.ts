import { expect, test } from "vitest";
import { atWallClock, jiraTimestamp } from "@/e2e/simulators/jira-data-center/zones";

const NOON = Date.UTC(2026, 10, 24, 12, 0, 0, 7);

test("a timestamp is written in the server's zone, with milliseconds and no colon in its offset", () => {
  expect(jiraTimestamp(NOON, "UTC")).toBe("2026-11-24T12:00:00.007+0000");
  expect(jiraTimestamp(NOON, "Asia/Shanghai")).toBe("2026-11-24T20:00:00.007+0800");
  expect(jiraTimestamp(NOON, "America/St_Johns")).toBe("2026-11-24T08:30:00.007-0330");
});

test("noon in Berlin is 11:00 UTC in winter and 10:00 UTC in summer", () => {
  expect(atWallClock(Date.UTC(2026, 0, 15, 12), "Europe/Berlin")).toBe(Date.UTC(2026, 0, 15, 11));
  expect(atWallClock(Date.UTC(2026, 6, 15, 12), "Europe/Berlin")).toBe(Date.UTC(2026, 6, 15, 10));
});

test("the hour that comes twice in autumn means the first of the two", () => {
  expect(atWallClock(Date.UTC(2026, 9, 25, 2, 30), "Europe/Berlin")).toBe(
    Date.UTC(2026, 9, 25, 0, 30),
  );
});

test("the hour that is skipped in spring means an hour later", () => {
  expect(atWallClock(Date.UTC(2026, 2, 29, 2, 30), "Europe/Berlin")).toBe(
    Date.UTC(2026, 2, 29, 1, 30),
  );
});
