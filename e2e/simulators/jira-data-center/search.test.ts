import { describe, expect } from "vitest";
import type { Person } from "@/e2e/simulators/jira-data-center/client";
import { test } from "@/e2e/simulators/jira-data-center/fixture";

const keys = async (person: Person, jql: string, query: Record<string, string> = {}) =>
  (await person.search(jql, query)).issues.map(({ key }) => key);

const at = (time: string) => `2026-11-24T${time}Z`;

describe("dates in a query", () => {
  test("are read on the clock of the one who asks, not on the server's", async ({ start }) => {
    const { control, mia, admin } = await start({ serverTimeZone: "Asia/Shanghai" });
    await control.createUser({ name: "admin", timeZone: "UTC" });
    await control.seed({
      project: "ABC",
      issues: [{ summary: "noon in London", createdAt: at("12:00:00.000") }],
    });

    expect(await keys(admin, 'updated >= "2026-11-24 12:00"')).toEqual(["ABC-1"]);
    expect(await keys(admin, 'updated >= "2026-11-24 12:01"')).toEqual([]);
    expect(await keys(mia, 'updated >= "2026-11-24 13:00"')).toEqual(["ABC-1"]);
    expect(await keys(mia, 'updated >= "2026-11-24 13:01"')).toEqual([]);
    expect((await mia.getIssue("ABC-1")).fields.updated).toBe("2026-11-24T20:00:00.000+0800");
  });

  test("know minutes only: 12:00 leaves out 11:59:59.999 and takes in 12:00:00.000", async ({
    bench,
  }) => {
    await bench.control.createUser({ name: "mia", timeZone: "UTC" });
    await bench.control.seed({
      project: "ABC",
      issues: [at("11:59:59.999"), at("12:00:00.000"), at("12:00:00.001")].map((createdAt) => ({
        summary: "x",
        createdAt,
      })),
    });
    expect(await keys(bench.mia, "updated >= '2026/11/24 12:00' ORDER BY id")).toEqual([
      "ABC-2",
      "ABC-3",
    ]);
    expect(await keys(bench.mia, "updated > '2026/11/24 12:00' ORDER BY id")).toEqual(["ABC-3"]);
    expect(await keys(bench.mia, "updated <= '2026-11-24 12:00' ORDER BY id")).toEqual([
      "ABC-1",
      "ABC-2",
    ]);
  });

  test("with seconds or a zone are refused in Jira's own words", async ({ bench }) => {
    for (const date of ["2026-11-24 12:00:30", "2026-11-24T12:00:00.000+0000", "yesterday"]) {
      const answer = await bench.mia.call("POST", "/api/2/search", { jql: `updated >= "${date}"` });
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({
        errorMessages: [
          `Date value '${date}' for field 'updated' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`,
        ],
        errors: {},
      });
    }
  });

  test("may count back from now", async ({ bench }) => {
    const hoursAgo = (hours: number) => Date.now() - hours * 3_600_000;
    await bench.control.seed({
      project: "ABC",
      issues: [
        { summary: "old", createdAt: hoursAgo(3) },
        { summary: "new", createdAt: hoursAgo(1) },
      ],
    });
    expect(await keys(bench.mia, "updated >= -2h")).toEqual(["ABC-2"]);
    expect(await keys(bench.mia, "updated >= -200m")).toEqual(["ABC-2", "ABC-1"]);
  });
});

describe("a query", () => {
  test("combines conditions and sorts by more than one field", async ({
    bench: { control, mia },
  }) => {
    await control.seed({
      project: "ABC",
      issues: [
        { summary: "Printer on fire", labels: ["urgent"], priority: "High", status: "Done" },
        { summary: "Printer out of paper", labels: ["office", "urgent"], priority: "Low" },
        { summary: "Coffee is cold", priority: "High" },
      ],
    });
    expect(await keys(mia, 'project = abc AND summary ~ "printer" ORDER BY key')).toEqual([
      "ABC-1",
      "ABC-2",
    ]);
    expect(await keys(mia, "status = Done OR labels = office ORDER BY key DESC")).toEqual([
      "ABC-2",
      "ABC-1",
    ]);
    expect(await keys(mia, "labels is EMPTY")).toEqual(["ABC-3"]);
    expect(await keys(mia, "NOT (status in (Open, 'In Review'))")).toEqual(["ABC-1"]);
    expect(await keys(mia, "order by priority DESC, key ASC")).toEqual(["ABC-1", "ABC-3", "ABC-2"]);
    expect(await keys(mia, "reporter = currentUser()")).toEqual([]);
    expect(await keys(mia, "id in (10000, ABC-3) ORDER BY id ASC")).toEqual(["ABC-1", "ABC-3"]);
    expect(
      await keys(mia, "project = ABC ORDER BY id ASC", { startAt: "1", maxResults: "1" }),
    ).toEqual(["ABC-2"]);
  });

  test("for another value does not find issues that have none", async ({
    bench: { control, mia },
  }) => {
    await control.seed({
      project: "ABC",
      issues: [{ summary: "a", labels: ["x"] }, { summary: "b" }, { summary: "c", labels: ["y"] }],
    });
    expect(await keys(mia, "labels != x")).toEqual(["ABC-3"]);
    expect(await keys(mia, "labels != x OR labels is EMPTY ORDER BY key")).toEqual([
      "ABC-2",
      "ABC-3",
    ]);
  });

  test("that names what does not exist is refused", async ({ bench: { mia } }) => {
    const messages = async (jql: string) => {
      const { status, body } = await mia.call("POST", "/api/2/search", { jql });
      return [status, ...(body as { errorMessages: string[] }).errorMessages];
    };
    expect(await messages("project = NOPE")).toEqual([
      400,
      "The value 'NOPE' does not exist for the field 'project'.",
    ]);
    expect(await messages("key = ABC-99")).toEqual([
      400,
      "An issue with key 'ABC-99' does not exist for field 'key'.",
    ]);
    expect(await messages("colour = red")).toEqual([
      400,
      "Field 'colour' does not exist or you do not have permission to view it.",
    ]);
    expect((await messages("project ABC"))[1]).toContain(
      "Error in the JQL Query: Expecting operator but got 'ABC'",
    );
    expect((await messages("project = ABC AND"))[0]).toBe(400);
    expect((await messages('summary ~ "unfinished'))[0]).toBe(400);
  });

  test("answers in pages of 50, of 1000 at most, and tells the total", async ({
    bench: { control, mia },
  }) => {
    await control.seed({
      project: "ABC",
      issues: Array.from({ length: 1_050 }, (_, index) => ({ summary: `${index}` })),
    });
    const usual = await mia.search("project = ABC ORDER BY id ASC");
    expect([usual.issues.length, usual.total, usual.maxResults]).toEqual([50, 1_050, 50]);
    const most = await mia.search("project = ABC ORDER BY id ASC", { maxResults: "5000" });
    expect([most.issues.length, most.maxResults]).toEqual([1_000, 1_000]);
    const rest = await mia.search("project = ABC ORDER BY id ASC", {
      startAt: "1000",
      maxResults: "1000",
    });
    expect(rest.issues.map(({ key }) => key)).toEqual(
      Array.from({ length: 50 }, (_, index) => `ABC-${1_001 + index}`),
    );
  });
});

test("an issue that was moved is found by its old key and answers with the new one", async ({
  bench: { control, mia },
}) => {
  await control.createProject({ key: "XYZ" });
  await mia.createIssue({ project: "ABC", summary: "moves" });
  expect(await control.move("ABC-1", "XYZ")).toEqual({ id: "10000", key: "XYZ-1" });
  expect((await mia.getIssue("ABC-1")).key).toBe("XYZ-1");
  expect(await keys(mia, "key = ABC-1")).toEqual(["XYZ-1"]);
  const { changelog } = await mia.getIssue("XYZ-1", { expand: "changelog" });
  expect(changelog?.histories[0]?.items).toContainEqual(
    expect.objectContaining({ field: "Key", fromString: "ABC-1", toString: "XYZ-1" }),
  );
});

test("wrong credentials find nothing and are told 200, except by /myself", async ({
  bench: { control, mia },
}) => {
  await mia.createIssue({ project: "ABC", summary: "hidden" });
  for (const token of ["expired-token", null]) {
    const nobody = control.as(token);
    const search = await nobody.call("GET", "/api/2/search?jql=project=ABC");
    expect([search.status, (search.body as { total: number }).total]).toEqual([200, 0]);
    expect(search.headers.get("X-AUSERNAME")).toBe("anonymous");
    expect((await nobody.call("GET", "/api/2/user/search?username=mia")).body).toEqual([]);
    expect((await nobody.call("GET", "/api/2/myself")).status).toBe(401);
    expect((await nobody.call("GET", "/api/2/issue/ABC-1")).status).toBe(401);
  }
  expect((await mia.call("GET", "/api/2/myself")).headers.get("X-AUSERNAME")).toBe("mia");
});

test("what a user may not see does not exist", async ({ bench: { control, admin, mia } }) => {
  await admin.createIssue({ project: "ABC", summary: "secret" });
  await control.createProject({ key: "ABC", visibleTo: [] });
  expect((await mia.call("GET", "/api/2/issue/ABC-1")).body).toEqual({
    errorMessages: ["Issue Does Not Exist"],
    errors: {},
  });
  expect((await mia.search("")).total).toBe(0);
  expect((await admin.search("")).total).toBe(1);
});

test("with a late index, search shows an issue as it was while reading it shows it as it is", async ({
  start,
}) => {
  let now = Date.UTC(2026, 10, 24, 12);
  const { control, mia } = await start({ now: () => now });
  await mia.createIssue({ project: "ABC", summary: "before" });
  await control.setFaults({ indexLagMs: 5_000 });
  now += 60_000;
  await mia.editIssue("ABC-1", { summary: "after" });
  await mia.createIssue({ project: "ABC", summary: "just made" });
  const summaries = async () =>
    (await mia.search("project = ABC ORDER BY id")).issues.map(({ fields }) => fields.summary);

  expect(await summaries()).toEqual(["before"]);
  expect((await mia.getIssue("ABC-1")).fields.summary).toBe("after");
  now += 5_000;
  expect(await summaries()).toEqual(["after", "just made"]);
});

test("the search of Jira Cloud and its version 3 are not here", async ({ bench: { mia } }) => {
  const cloud = await mia.call("GET", "/api/2/search/jql?jql=project=ABC");
  expect([cloud.status, cloud.body]).toEqual([
    404,
    { message: "HTTP 404 Not Found", "sub-code": -1 },
  ]);
  const three = await mia.call("GET", "/api/3/myself");
  expect([three.status, three.headers.get("location")]).toEqual([
    302,
    expect.stringContaining("/jira/login.jsp"),
  ]);
  expect((await mia.call("GET", "/api/2/issue/createmeta?projectKeys=ABC")).status).toBe(404);
  expect((await mia.call("GET", "/api/latest/myself")).status).toBe(200);
});
