import { expect } from "vitest";
import { checkJiraAndRedmine } from "@/e2e/checker-redmine";
import { killed, queueCounts, until, untilDrained } from "@/e2e/line";
import { type Both, CUSTOM, PAIRED, startBoth } from "@/e2e/trackers/both";
import { redmineClient } from "@/e2e/trackers/redmine/client";
import { KEYS } from "@/e2e/trackers/redmine/server";
import { readGate } from "@/lib/gate/gate-store";
import { test } from "@/lib/testing/database";

const PEOPLE = { ada: "Ada Lovelace", bob: "Bob Babbage" };

function check({ jira, redmine, project }: Both) {
  return checkJiraAndRedmine({
    jira,
    redmine: redmineClient(redmine.baseUrl, KEYS.admin),
    jiraProject: "PROD",
    redmineProject: project,
    paired: PAIRED,
    custom: CUSTOM,
    people: PEOPLE,
  });
}

const jiraField = (name: string) =>
  `customfield_${CUSTOM.find((field) => field.name === name)?.id}`;

/** Everything that an issue of both can have, as Jira's `fields`. */
const IN_JIRA = {
  issuetype: { name: "Task" },
  priority: { name: "High" },
  duedate: "2026-12-24",
  assignee: { name: "ada" },
  components: [{ name: "Backend" }],
  fixVersions: [{ name: "1.0" }],
  [jiraField("Customer")]: "Acme",
  [jiraField("Effort")]: 2.5,
  [jiraField("Promised for")]: "2026-12-01",
  [jiraField("Severity")]: { value: "Major" },
  [jiraField("Browsers")]: [{ value: "Chrome" }, { value: "Safari" }],
  [jiraField("Contact")]: { name: "bob" },
};

/** As much, and all of it something else, as Redmine's `issue`. */
async function inRedmine({ redmine, project, numberOf }: Both) {
  const { issue_categories: categories } = await redmine.made<{
    issue_categories: { id: number; name: string }[];
  }>("GET", `/projects/${project}/issue_categories.json`);
  const { versions } = await redmine.made<{ versions: { id: number; name: string }[] }>(
    "GET",
    `/projects/${project}/versions.json`,
  );
  const { user: bob } = await redmineClient(redmine.baseUrl, KEYS.bob).made<{
    user: { id: number };
  }>("GET", "/users/current.json");
  const named = (of: { id: number; name: string }[], wanted: string) =>
    of.find(({ name }) => name === wanted)?.id;
  return {
    priority_id: 1,
    due_date: "2027-01-06",
    assigned_to_id: bob.id,
    category_id: named(categories, "Frontend"),
    fixed_version_id: named(versions, "2.0"),
    custom_fields: [
      { id: numberOf("Customer"), value: "Bolt" },
      { id: numberOf("Effort"), value: "13" },
      { id: numberOf("Promised for"), value: "2027-02-01" },
      { id: numberOf("Severity"), value: "Fatal" },
      { id: numberOf("Browsers"), value: ["Firefox"] },
      { id: numberOf("Contact"), value: String(bob.id) },
    ],
  };
}

test("Jira and a real Redmine converge in both directions, although the workers are killed in the middle", async ({
  db,
  pool,
  url,
}) => {
  const both = await startBoth(db, url);
  try {
    const { jira, redmine, project } = both;
    const workers = await Promise.all([both.startWorker(), both.startWorker()]);
    const ada = jira.as("ada-token");
    const there = await inRedmine(both);
    for (let number = 1; number <= 4; number++) {
      const issue = await ada.createIssue({
        project: "PROD",
        summary: `From Jira ${number}`,
        description: `h2. One\r\n\r\n* two ${number}\r\n* *three*`,
        ...(number % 2 ? IN_JIRA : { issuetype: { name: "Bug" }, priority: { name: "Low" } }),
      });
      if (number % 2 === 0) await ada.transition(issue.key, "In Progress");
      await ada.comment(issue.key, `said in Jira, ${number}`);
      const { id } = await redmine.create(`From Redmine ${number}`, {
        project_id: project,
        tracker_id: number % 2 ? 2 : 1,
        description: `h2. One\n\n* two ${number}\n* *three*`,
        ...(number % 2 ? there : { priority_id: 3 }),
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
    await Promise.all(workers.map(killed));

    await Promise.all([both.startWorker(), both.startWorker()]);
    await until(
      "the dead's writes are settled",
      async () => (await readGate(db)).state === "inactive",
    );
    await both.activate();
    await untilDrained(pool);
    const created = await check(both);
    expect(created.differences).toEqual([]);
    expect(created.compared).toMatchObject({ issues: 16, Browsers: 8, comments: 8 });

    // An issue keeps the type that it was made with.
    const { issuetype: _, ...editable } = IN_JIRA;
    const listed = await redmine.list({ project_id: project, status_id: "*", limit: "100" });
    for (const { id, subject } of listed.issues.filter(({ subject: of }) => of.endsWith("1"))) {
      await redmine.edit(id, {
        ...there,
        subject: `${subject}, edited`,
        status_id: 2,
        due_date: "",
      });
      await redmine.note(id, "and once more");
    }
    const { issues } = await ada.search("project = PROD", { maxResults: "500" });
    for (const { key, fields } of issues.filter(({ fields: of }) => of.summary.endsWith("2")))
      await ada.editIssue(key, {
        ...editable,
        description: `${fields.description}\r\n\r\nedited`,
      });
    await until("the edits have arrived, and nothing waits", async () => {
      if ((await queueCounts(pool)).all > 0) return false;
      return (await edited(both)) === 2 && (await check(both)).differences.length === 0;
    });
    const after = await check(both);
    console.info("compared", after.compared, "left out", after.leftOut);
    expect(after.compared).toMatchObject({ issues: 16, comments: 10 });
    expect(await db.permit.count({ where: { outcome: "open" } })).toBe(0);
  } finally {
    await both.stop();
  }
});

test("a note, a file, work and a relation stand once at a real Redmine although the answer to each was lost", async ({
  db,
  pool,
  url,
}) => {
  const both = await startBoth(db, url);
  try {
    const { jira, redmine, project, way } = both;
    await both.startWorker();
    const [ada, bob] = [jira.as("ada-token"), redmineClient(redmine.baseUrl, KEYS.bob)];
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
    await ada.attach(filed, 'what? "Ü" 1.txt', Buffer.from("all of it"));
    const work = { timeSpent: "1h 30m", started: "2026-11-25T09:00:00.000+0000", comment: "done" };
    await ada.logWork(worked, work);
    await ada.link(related, "Blocks", noted);
    const { issues } = await redmine.list({ project_id: project, status_id: "*", limit: "100" });
    const [there] = issues.filter(({ subject }) => subject === "Note");
    const [blocked] = issues.filter(({ subject }) => subject === "Work");
    if (!there || !blocked) throw new Error("no twin of the note, or of the work");
    await bob.attach(there.id, "from-redmine.bin", Buffer.from([0, 255, 10, 13, 10, 0]));
    await bob.logTime(there.id, 0.25, "2026-11-24", "looked");
    await bob.relate(there.id, blocked.id);
    await bob.note(there.id, "so that it is seen");
    await until("each answer was lost, all is in step, and nothing waits", async () => {
      if (way.toLose() > 0 || (await queueCounts(pool)).all > 0) return false;
      const { differences, compared } = await check(both);
      return differences.length === 0 && compared.files === 2;
    });
    expect(await db.permit.count({ where: { outcome: "unknown" } })).toBe(4);
    expect((await check(both)).compared).toMatchObject({
      comments: 2,
      files: 2,
      "work logs": 2,
      links: 2,
    });
  } finally {
    await both.stop();
  }
});

async function edited({ jira }: Both): Promise<number> {
  const { issues } = await jira.as("ada-token").search("project = PROD", { maxResults: "500" });
  return issues.filter(({ fields }) => fields.summary.endsWith("edited")).length;
}
