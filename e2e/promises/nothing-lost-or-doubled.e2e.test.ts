import { describe, expect } from "vitest";
import { checkInStep } from "@/e2e/checker";
import {
  killed,
  type Line,
  PRIORITY_PAIRS,
  queueCounts,
  STATUS_PAIRS,
  startLine,
  until,
  untilDrained,
  untilPlanned,
} from "@/e2e/line";
import { readGate } from "@/lib/gate/gate-store";
import { test } from "@/lib/testing/database";

const PEOPLE = ["ada", "bob", "eve"];

/** Changes on every pair, and new issues; returns how many entries they make. */
async function peopleWork(line: Line, pairs: number, newIssues: number): Promise<number> {
  for (let number = 1; number <= pairs; number++) {
    const person = line.production.as(`${PEOPLE[number % 3]}-token`);
    const other = line.partner.as(`${PEOPLE[(number + 1) % 3]}-token`);
    if (number % 4 === 0) await other.comment(`ACME-${number}`, `From the partner, on ${number}`);
    if (number % 4 === 1)
      await person.editIssue(`PROD-${number}`, {
        summary: `Issue ${number}, edited`,
        labels: ["seed", "hot"],
      });
    if (number % 4 === 2) await person.transition(`PROD-${number}`, "In Progress");
    if (number % 4 === 3)
      for (const word of ["one", "two"])
        await person.comment(`PROD-${number}`, `${word} on ${number}`);
  }
  for (let number = 1; number <= newIssues; number++) {
    const issue = await line.production.as("ada-token").createIssue({
      project: "PROD",
      summary: `New issue ${number}`,
      description: "line one\r\nline two",
      priority: { name: number % 2 ? "High" : "Low" },
    });
    if (number % 3 === 0)
      await line.production.as("bob-token").comment(issue.key, `first on new ${number}`);
    if (number % 3 === 1)
      await line.production.as("bob-token").transition(issue.key, "In Progress");
  }
  return pairs + newIssues;
}

const check = (line: Line, pairs: number) =>
  checkInStep({
    local: line.production,
    remote: line.partner,
    localProject: "PROD",
    remoteProject: "ACME",
    status: STATUS_PAIRS,
    priority: PRIORITY_PAIRS,
    linked: new Map(
      Array.from({ length: pairs }, (_, index) => [`PROD-${index + 1}`, `ACME-${index + 1}`]),
    ),
  });

describe("promise 3: no change is lost, and none is applied twice", () => {
  test("both workers are killed in the middle of 200 entries, creates among them; afterwards both trackers are equal", async ({
    db,
    pool,
    url,
  }) => {
    const line = await startLine(db, url, { pairs: 140 });
    try {
      await Promise.all([line.startWorker(), line.startWorker()]).then(async (workers) => {
        await untilDrained(pool); // the pairs have met
        const entries = await peopleWork(line, 140, 60);
        await untilPlanned(pool, entries);
        expect(await line.partner.writes()).not.toContainEqual(
          expect.objectContaining({ user: "exalate" }),
        );

        for (const simulator of [line.production, line.partner])
          await simulator.setFaults({
            writeLatencyMs: { min: 5, max: 40 },
            answerLatencyMs: { min: 5, max: 60 },
          });
        await line.activate();
        await until("a third is written", async () => (await queueCounts(pool)).writes > 70);
        await Promise.all(workers.map(killed));
      });
      expect(await db.permit.count({ where: { outcome: "open" } })).toBeGreaterThan(0);

      await Promise.all([line.startWorker(), line.startWorker()]);
      const closed = await readGate(db);
      expect(closed.state).not.toBe("active");
      await until(
        "the writes of the dead have settled",
        async () => (await readGate(db)).state === "inactive",
      );
      await line.activate();
      await untilDrained(pool);
      // Our own writes come back as changes; a quiet queue stays quiet.
      await until("every echo is read", async () => (await queueCounts(pool)).all === 0);

      const result = await check(line, 140);
      console.info(
        `checker: ${result.compared} values compared, ${result.differences.length} differences`,
      );
      expect(result.differences).toEqual([]);

      const admin = line.partner.as("admin-token");
      const [comment] = await admin.comments("ACME-3");
      await admin.deleteComment("ACME-3", comment?.id ?? "");
      expect((await check(line, 140)).differences).toHaveLength(1);
    } finally {
      await line.stop();
    }
  });

  test("one of two workers is killed while it writes: the gate stays open and the other finishes", async ({
    db,
    pool,
    url,
  }) => {
    const line = await startLine(db, url, { pairs: 24 });
    try {
      const [first] = await Promise.all([line.startWorker(), line.startWorker()]);
      await untilDrained(pool);
      await untilPlanned(pool, await peopleWork(line, 24, 12));
      await line.partner.setFaults({ writeLatencyMs: 60 });
      await line.activate();
      const { fence } = await readGate(db);
      await until("some is written", async () => (await queueCounts(pool)).writes > 8);
      await killed(first);
      await untilDrained(pool);
      expect(await readGate(db)).toEqual({ state: "active", fence });
      expect((await check(line, 24)).differences).toEqual([]);
    } finally {
      await line.stop();
    }
  });

  test("answers break after the write has landed, on creates and comments: each stands once", async ({
    db,
    pool,
    url,
  }) => {
    const line = await startLine(db, url, { pairs: 8 });
    try {
      await line.startWorker();
      await untilDrained(pool);
      await untilPlanned(pool, await peopleWork(line, 8, 6));
      await line.partner.setFaults({
        landThenBreak: { next: 4, match: "POST /rest/api/2/issue" },
        landAfterBreak: { next: 3, match: "POST /rest/api/2/issue/*/comment", afterMs: 800 },
        indexLagMs: 150,
      });
      await line.activate();
      await untilDrained(pool);
      expect(await db.permit.count({ where: { outcome: "unknown" } })).toBeGreaterThan(3);
      expect((await check(line, 8)).differences).toEqual([]);
    } finally {
      await line.stop();
    }
  });

  test("a thousand edits and twenty comments by three people while inactive are one entry, one update, twenty comments in order", async ({
    db,
    pool,
    url,
  }) => {
    const line = await startLine(db, url, { pairs: 1 });
    try {
      await line.startWorker();
      await untilDrained(pool);
      for (let edit = 1; edit <= 1_000; edit++) {
        const person = line.production.as(`${PEOPLE[edit % 3]}-token`);
        await person.editIssue("PROD-1", { summary: `Edit ${edit}` });
        if (edit % 50 === 0) await person.comment("PROD-1", `Comment ${edit / 50}`);
      }
      await untilPlanned(pool, 1);
      await line.activate();
      await untilDrained(pool);
      const writes = (await line.partner.writes()).filter((write) => write.user === "exalate");
      expect(
        writes.filter((write) => write.method === "PUT" && !write.path.includes("exalate.claim")),
      ).toHaveLength(1);
      expect(writes.filter((write) => write.path.endsWith("/comment"))).toHaveLength(20);
      const bodies = (await line.partner.as("admin-token").comments("ACME-1")).map(
        (comment) => comment.body,
      );
      expect(bodies.map((body) => body.split("\n").at(-1))).toEqual(
        Array.from({ length: 20 }, (_, index) => `Comment ${index + 1}`),
      );
      expect((await line.partner.as("admin-token").getIssue("ACME-1")).fields.summary).toBe(
        "Edit 1000",
      );
    } finally {
      await line.stop();
    }
  });
});
