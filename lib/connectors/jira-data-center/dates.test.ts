import { describe, expect, test } from "vitest";
import { isoOf, jqlMinute } from "@/lib/connectors/jira-data-center/dates";
import { changedInProject, changedInTrigger } from "@/lib/connectors/jira-data-center/jql";

describe("a date in a search", () => {
  test("is what the clock of our own account shows there, cut to the minute", () => {
    const at = new Date("2026-11-24T18:05:59.999Z");
    expect(jqlMinute(at, "UTC")).toBe("2026-11-24 18:05");
    expect(jqlMinute(at, "Asia/Tokyo")).toBe("2026-11-25 03:05");
    expect(jqlMinute(at, "America/St_Johns")).toBe("2026-11-24 14:35");
  });

  test("shows midnight as 00, not as 24", () => {
    expect(jqlMinute(new Date("2026-11-24T00:00:00Z"), "UTC")).toBe("2026-11-24 00:00");
  });

  test("goes back before the hour that comes twice in autumn, whichever of the two Jira means", () => {
    // 02:30 in Berlin, for the first time: summer time still. An hour later it is 02:30 again.
    const first = new Date("2026-10-25T00:30:00Z");
    expect(jqlMinute(first, "Europe/Berlin")).toBe("2026-10-25 01:30");
    const second = new Date("2026-10-25T01:30:00Z");
    expect(jqlMinute(second, "Europe/Berlin")).toBe("2026-10-25 02:30");
  });

  test("is never later than asked for, where clocks are put back by half an hour", () => {
    const first = new Date("2026-04-04T14:45:00Z"); // 01:45 on Lord Howe, summer time
    expect(jqlMinute(first, "Australia/Lord_Howe")).toBe("2026-04-05 01:15");
  });
});

describe("Jira's dates", () => {
  test("have an offset without a colon", () => {
    expect(isoOf("2026-11-24T18:00:00.123+0330")).toBe("2026-11-24T14:30:00.123Z");
    expect(isoOf("2026-11-24T18:00:00.000-0800")).toBe("2026-11-25T02:00:00.000Z");
  });

  test("that are none are not taken for one", () => {
    expect(isoOf("yesterday")).toBeNull();
  });
});

describe("a trigger", () => {
  const since = new Date("2026-11-24T18:05:00Z");

  test("stays together, whatever it combines", () => {
    const place = { project: "PROD", trigger: "labels = sync OR priority = High" };
    expect(changedInTrigger(place, since, "UTC")).toBe(
      '(labels = sync OR priority = High) AND updated >= "2026-11-24 18:05" ORDER BY updated ASC, id ASC',
    );
  });

  test.each([
    ["project = PROD ORDER BY rank DESC", "project = PROD"],
    ['summary ~ "order by phone" order  by created', 'summary ~ "order by phone"'],
    ["(labels = a)order by key", "(labels = a)"],
    ["summary ~ 'order by \\' mail'", "summary ~ 'order by \\' mail'"],
  ])("loses an order of its own, but no words in quotes: %s", (trigger, condition) => {
    const jql = changedInTrigger({ project: "PROD", trigger }, since, "UTC");
    expect(jql?.startsWith(`(${condition}) AND updated >= `)).toBe(true);
  });

  test("that is only an order finds nothing by itself", () => {
    expect(changedInTrigger({ project: "PROD", trigger: "ORDER BY key" }, since, "UTC")).toBeNull();
    expect(changedInTrigger({ project: "PROD" }, since, "UTC")).toBeNull();
  });

  test("cannot be broken out of by a project's name", () => {
    expect(changedInProject({ project: 'A" OR "1' }, since, "UTC")).toContain(
      'project = "A\\" OR \\"1" AND',
    );
  });
});
