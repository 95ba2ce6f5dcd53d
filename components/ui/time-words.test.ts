import { expect, test } from "vitest";
import {
  age,
  ago,
  clockSecond,
  clockTime,
  exactTime,
  lately,
  until,
} from "@/components/ui/time-words";

const NOW = Date.parse("2026-03-01T02:26:00Z");

test("an age is told in the largest unit that says enough", () => {
  expect(age("2026-03-01T02:25:30Z", NOW)).toBe("just now");
  expect(age("2026-03-01T02:14:00Z", NOW)).toBe("12 min");
  expect(age("2026-02-28T14:00:00Z", NOW)).toBe("12 h");
  expect(age("2026-02-20T02:26:00Z", NOW)).toBe("9 days");
  expect(age("2024-01-20T02:26:00Z", NOW)).toBe("2 y");
});

test("a clock that runs ahead never makes something younger than now", () => {
  expect(age("2026-03-01T02:26:20Z", NOW)).toBe("just now");
});

test("what happened is told by how long ago, what comes by how long still", () => {
  expect(ago("2026-03-01T02:14:00Z", NOW)).toBe("12 min ago");
  expect(ago("2026-03-01T02:26:20Z", NOW)).toBe("just now");
  expect(until("2026-03-01T02:29:00Z", NOW)).toBe("in 3 min");
  expect(until("2026-03-01T02:26:20Z", NOW)).toBe("in less than a minute");
  expect(until("2026-03-01T02:25:00Z", NOW)).toBe("any moment");
});

test("a sign of life is told in seconds as long as they matter", () => {
  expect(lately("2026-03-01T02:25:48Z", NOW)).toBe("12 s ago");
  expect(lately("2026-03-01T02:26:05Z", NOW)).toBe("just now");
  expect(lately("2026-03-01T02:14:00Z", NOW)).toBe("12 min ago");
  expect(clockSecond("2026-03-01T01:14:30Z", "Europe/Brussels")).toBe("02:14:30");
});

test("the time of day is the reader's, with the date when it was another day there", () => {
  expect(clockTime("2026-03-01T01:14:00Z", NOW, "Europe/Brussels")).toBe("02:14");
  expect(clockTime("2026-02-28T22:30:00Z", NOW, "UTC")).toBe("28 Feb 22:30");
  expect(clockTime("2026-02-28T23:30:00Z", NOW, "Europe/Brussels")).toBe("00:30");
});

test("the exact moment names its zone", () => {
  expect(exactTime("2026-03-01T01:14:05Z", "UTC")).toBe("1 Mar 2026, 01:14:05 UTC");
});
