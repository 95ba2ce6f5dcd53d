import type pg from "pg";
import { expect, inject } from "vitest";
import { customField } from "@/e2e/convergence/jira";
import { queueCounts, until, untilDrained } from "@/e2e/line";
import { type Both, LEFT_OUT, startBoth } from "@/e2e/trackers/both";
import { KEYS } from "@/e2e/trackers/redmine/server";
import { test } from "@/lib/testing/database";

/** Everything that an issue of both can have, as Jira's `fields`. */
function wholeInJira({ here }: Both) {
  return {
    priority: { name: "High" },
    duedate: "2026-12-24",
    assignee: { name: "ada" },
    components: [{ name: "Backend" }],
    fixVersions: [{ name: "1.0" }],
    [customField(here, "Customer")]: "Acme",
    [customField(here, "Notes")]: "h3. Notes\r\n\r\n* *one*\r\n* {{two}}",
    [customField(here, "Effort")]: 2.5,
    [customField(here, "Go live")]: "2026-12-01",
    [customField(here, "Region")]: { value: "EU" },
    [customField(here, "Modules")]: [{ value: "Billing" }, { value: "Search" }],
    [customField(here, "Owner")]: { name: "bob" },
  };
}

/** As much, and all of it something else, as Redmine's `issue`. */
function wholeInRedmine({ there }: Both) {
  return {
    priority_id: 1,
    due_date: "2027-01-06",
    assigned_to_id: there.people.bob,
    category_id: there.categories.Frontend,
    fixed_version_id: there.versions["2.0"],
    custom_fields: [
      { id: there.numberOf("Customer"), value: "Bolt" },
      { id: there.numberOf("Notes"), value: "h3. Other notes\n\n* *three*" },
      { id: there.numberOf("Effort"), value: "13" },
      { id: there.numberOf("Go live"), value: "2027-02-01" },
      { id: there.numberOf("Region"), value: "US" },
      { id: there.numberOf("Modules"), value: ["Login"] },
      { id: there.numberOf("Owner"), value: String(there.people.ada) },
    ],
  };
}

/** Waits until nothing waits and both are equal; says what differs when they never are. */
async function untilEqual(both: Both, pool: pg.Pool, isSo: () => Promise<boolean>) {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const isDrained = (await queueCounts(pool)).all === 0 && (await isSo());
    const comparison = await both.compare();
    const isEqual = isDrained && comparison.differences.length === 0;
    if (isEqual || performance.now() > deadline) {
      expect(comparison.differences).toEqual([]);
      expect(isDrained, "something still waits").toBe(true);
      return comparison.compared;
    }
    await new Promise((again) => setTimeout(again, 200));
  }
}

test("Jira and a real Redmine converge in both directions, although the workers are killed in the middle", async ({
  db,
  pool,
  url,
}) => {
  const both = await startBoth({ db, pool, url, redmineUrl: inject("redmineUrl") });
  try {
    const { jira, redmine, there } = both;
    await Promise.all([both.startWorker(), both.startWorker()]);
    const ada = jira.as("ada-token");
    const [inJira, inRedmine] = [wholeInJira(both), wholeInRedmine(both)];
    for (let number = 1; number <= 4; number++) {
      const issue = await ada.createIssue({
        project: "PROD",
        summary: `From Jira ${number}`,
        description: `h2. One\r\n\r\n* two ${number}\r\n* *three*`,
        ...(number % 2 ? inJira : { issuetype: { name: "Bug" }, priority: { name: "Low" } }),
      });
      if (number % 2 === 0) await ada.transition(issue.key, "In Progress");
      await ada.comment(issue.key, `said in Jira, ${number}`);
      const { id } = await redmine.create(`From Redmine ${number}`, {
        project_id: there.project,
        tracker_id: number % 2 ? 2 : 1,
        description: `h2. One\n\n* two ${number}\n* *three*`,
        ...(number % 2 ? inRedmine : { priority_id: 3 }),
      });
      await redmine.note(id, `said in Redmine, ${number}`);
      await redmine.note(id, "among ourselves", true);
    }
    await until("all eight wait, planned", async () => {
      const counts = await queueCounts(pool);
      return counts.all === 8 && counts.planned === 8;
    });
    await both.activate();
    await until("some is written", async () => (await queueCounts(pool)).writes > 5);
    await both.killWorkers();

    await Promise.all([both.startWorker(), both.startWorker()]);
    await both.activate();
    const created = await untilEqual(both, pool, async () => true);
    expect(created).toMatchObject({ issues: 16, Modules: 8, "private comments that left": 4 });

    const listed = await redmine.list({ project_id: there.project, status_id: "*", limit: "100" });
    for (const { id, subject } of listed.issues.filter(({ subject: of }) => of.endsWith("1"))) {
      await redmine.edit(id, {
        ...inRedmine,
        subject: `${subject}, edited`,
        status_id: 2,
        due_date: "",
      });
      await redmine.note(id, "and once more");
    }
    const { issues } = await ada.search("project = PROD", { maxResults: "500" });
    for (const { key, fields } of issues.filter(({ fields: of }) => of.summary.endsWith("2")))
      await ada.editIssue(key, {
        ...inJira,
        description: `${fields.description}\r\n\r\nsee [the list|https://example.org/list]`,
      });
    // Redmine derives a parent's priority and dates from its parts: this one has the same.
    const parent = issues.find(({ fields }) => fields.summary === "From Jira 4");
    await ada.createIssue({
      project: "PROD",
      summary: "A part",
      issuetype: { name: "Sub-task" },
      priority: { name: "Low" },
      parent: { key: parent?.key },
    });
    const compared = await untilEqual(both, pool, async () => {
      const now = await ada.search("project = PROD", { maxResults: "500" });
      return now.issues.filter(({ fields }) => fields.summary.endsWith("edited")).length === 2;
    });
    console.info(`compared ${JSON.stringify(compared)}; left out: ${LEFT_OUT.join("; ")}`);
    expect(compared.issues).toBe(18);
    expect(await db.permit.count({ where: { outcome: "open" } })).toBe(0);
  } finally {
    await both.stop();
  }
});

test("a part that was made at Redmine waits for its parent's twin and becomes a sub-task in Jira; a part of that one says why not", async ({
  db,
  pool,
  url,
}) => {
  const both = await startBoth({ db, pool, url, redmineUrl: inject("redmineUrl") });
  try {
    const { jira, redmine, there } = both;
    await both.startWorker();
    const made = (subject: string, parent?: number) =>
      redmine.create(subject, {
        project_id: there.project,
        tracker_id: 2,
        ...(parent === undefined ? {} : { parent_issue_id: parent }),
      });
    const whole = await made("Whole");
    const part = await made("Part", whole.id);
    await until("both wait, planned", async () => (await queueCounts(pool)).planned === 2);
    const planOf = async ({ id }: { id: number }) => {
      const where = { pair: { remoteIssueId: String(id) } };
      return JSON.stringify((await db.queueEntry.findFirst({ where }))?.plan);
    };
    expect(await planOf(part)).toContain("it follows once that one has its twin there");
    await both.activate();
    await untilEqual(both, pool, async () => true);
    const inJira = async (summary: string) => {
      const { issues } = await jira.as("ada-token").search("project = PROD", { maxResults: "50" });
      const found = issues.find((issue) => issue.fields.summary === summary);
      if (!found) throw new Error(`Jira has no ${summary}`);
      const { issuetype, parent } = found.fields;
      return [(issuetype as { name: string }).name, parent];
    };
    const [type, parent] = await inJira("Part");
    expect(type).toBe("Sub-task");
    expect(parent).toMatchObject({ fields: { summary: "Whole" } });

    await both.deactivate();
    const crumb = await made("Crumb", part.id);
    await until("the crumb is planned", async () => (await queueCounts(pool)).planned === 1);
    expect(await planOf(crumb)).toContain("is a sub-task itself, which Jira gives no sub-tasks");
    await both.activate();
    await untilDrained(pool);
    expect(await inJira("Crumb")).toEqual(["Task", undefined]);
  } finally {
    await both.stop();
  }
});

test("a note, a file, work and a relation stand once at a real Redmine although the answer to each was lost", async ({
  db,
  pool,
  url,
}) => {
  const both = await startBoth({ db, pool, url, redmineUrl: inject("redmineUrl") });
  try {
    const { jira, redmine, there, way } = both;
    await both.startWorker();
    const [ada, bob] = [jira.as("ada-token"), both.redmineAs(KEYS.bob)];
    const keys: string[] = [];
    for (const summary of ["Note", "File", "Work", "Relation"])
      keys.push((await ada.createIssue({ project: "PROD", summary })).key);
    const [noted = "", filed = "", worked = "", related = ""] = keys;
    await until("all four wait, planned", async () => (await queueCounts(pool)).planned === 4);
    await both.activate();
    await untilDrained(pool);

    way.loseAnswerTo(/^PUT \/issues\/.*"notes"/);
    way.loseAnswerTo(/^PUT \/issues\/.*"uploads"/);
    way.loseAnswerTo(/^POST \/time_entries/);
    way.loseAnswerTo(/^POST \/issues\/\d+\/relations/);
    await ada.comment(noted, "said once");
    // Redmine does not keep every sign of a name.
    await ada.attach(filed, "what: Ü 1?.txt", Buffer.from("all of it"));
    const work = { timeSpent: "1h 30m", started: "2026-11-25T09:00:00.000+0000", comment: "done" };
    await ada.logWork(worked, work);
    await ada.link(related, "Blocks", noted);
    const query = { project_id: there.project, status_id: "*", limit: "100" };
    const { issues } = await redmine.list(query);
    const [note] = issues.filter(({ subject }) => subject === "Note");
    const [blocked] = issues.filter(({ subject }) => subject === "Work");
    if (!note || !blocked) throw new Error("no twin of the note, or of the work");
    await bob.attach(note.id, "from-redmine.bin", Buffer.from([0, 255, 10, 13, 10, 0]));
    await bob.logTime(note.id, 0.25, "2026-11-24", "looked");
    await bob.relate(note.id, blocked.id);
    await bob.note(note.id, "so that it is seen");
    await untilEqual(both, pool, async () => way.toLose() === 0);
    expect(await db.permit.count({ where: { outcome: "unknown" } })).toBe(4);
  } finally {
    await both.stop();
  }
});
