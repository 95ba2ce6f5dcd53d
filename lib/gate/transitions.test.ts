import { describe, expect } from "vitest";
import { GUARDS, gateTransitionRows, TRANSITIONS, type Transition } from "@/lib/gate/transitions";
import { test } from "@/lib/testing/database";

const STATES = ["inactive", "active", "closing"] as const;
const EPOCH_STEPS = [-1, 0, 1, 2];

/** Every update of state, incarnation and epoch that changes one of them: 72 less 3 that change nothing. */
const UPDATES = STATES.flatMap((fromState) =>
  STATES.flatMap((toState) =>
    EPOCH_STEPS.flatMap((epochStep) =>
      [false, true].map((newIncarnation) => ({ fromState, toState, epochStep, newIncarnation })),
    ),
  ),
).filter((it) => it.fromState !== it.toState || it.epochStep !== 0 || it.newIncarnation);

describe("the table of transitions", () => {
  test("stands in the database as it stands here", async ({ db }) => {
    const inDatabase = await db.gateTransition.findMany();
    const inOrder = (rows: object[]) => rows.map((row) => JSON.stringify(row)).sort();
    expect(inOrder(inDatabase)).toEqual(inOrder(gateTransitionRows()));
  });

  test("the database makes each of its moves and refuses each of the others", async ({ pool }) => {
    const allowed = gateTransitionRows().map(({ event: _, ...move }) => JSON.stringify(move));
    const wrong: string[] = [];
    const client = await pool.connect();
    await client.query("begin");
    for (const update of UPDATES) {
      const { fromState, toState, epochStep, newIncarnation } = update;
      await client.query("savepoint before");
      await client.query("alter table gate disable trigger gate_moves_by_the_table");
      await client.query("update gate set state = $1, incarnation = 'today', epoch = 5", [
        fromState,
      ]);
      await client.query("alter table gate enable trigger gate_moves_by_the_table");
      const moved = await client
        .query("update gate set state = $1, epoch = epoch + $2, incarnation = $3", [
          toState,
          epochStep,
          newIncarnation ? "tomorrow" : "today",
        ])
        .then(
          () => true,
          (error: Error) => {
            if (!error.message.startsWith("the gate does not move")) throw error;
            return false;
          },
        );
      if (moved !== allowed.includes(JSON.stringify(update))) wrong.push(JSON.stringify(update));
      await client.query("rollback to savepoint before");
    }
    await client.query("rollback");
    client.release();
    expect(UPDATES).toHaveLength(69);
    expect(wrong).toEqual([]);
  });

  test("beat, reason and who it was may be noted at any time", async ({ db }) => {
    const data = { beat: 12, by: "ada", reason: "looked in", since: new Date() };
    expect(await db.gate.update({ where: { id: 1 }, data })).toMatchObject({ by: "ada" });
  });

  test("nobody adds to it by rewriting a row", async ({ db }) => {
    await expect(
      db.gateTransition.updateMany({ where: { event: "begin" }, data: { toState: "active" } }),
    ).rejects.toThrow("append-only");
  });

  test("each guard is asked for by an event, and each event is there once", () => {
    const table: readonly Transition[] = TRANSITIONS;
    const asked = new Set(table.flatMap(({ guards }) => guards));
    expect([...asked].sort()).toEqual(Object.keys(GUARDS).sort());
    expect(new Set(table.map(({ event }) => event)).size).toBe(table.length);
  });
});
