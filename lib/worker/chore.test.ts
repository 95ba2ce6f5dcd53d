import { describe, expect, test } from "vitest";
import { chore } from "@/lib/worker/chore";

const HOUR = 3_600_000;

describe("work beside the queue", () => {
  test("is done one at a time, however often its turn comes", async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const begun: string[] = [];
    const reading = chore(0, "not read", (what: string) => {
      begun.push(what);
      return gates[begun.length - 1]?.promise ?? Promise.resolve();
    });
    reading.tick("first");
    reading.tick("while the first is under way");
    expect(begun).toEqual(["first"]);
    gates[0]?.resolve();
    await reading.ended();
    reading.tick("second");
    expect(begun).toEqual(["first", "second"]);
    gates[1]?.resolve();
    await reading.ended();
  });

  test("is not done more often than it is meant to be", async () => {
    let times = 0;
    const folding = chore(HOUR, "not folded", async () => times++);
    folding.tick();
    await folding.ended();
    folding.tick();
    await folding.ended();
    expect(times).toBe(1);
  });

  test("that fails is tried again at its next turn, and fails nobody else", async () => {
    let times = 0;
    const telling = chore(0, "nobody was told", async () => {
      times++;
      throw new Error("the database is away");
    });
    telling.tick();
    await telling.ended();
    telling.tick();
    await telling.ended();
    expect(times).toBe(2);
  });

  test("that fails before it begins to wait is tried again too", async () => {
    let times = 0;
    const broken = chore(0, "broken", () => {
      times++;
      throw new Error("at once");
    });
    broken.tick();
    await broken.ended();
    broken.tick();
    expect(times).toBe(2);
  });

  test("has ended when it never began", async () => {
    await expect(chore(0, "", async () => 1).ended()).resolves.toBeUndefined();
  });
});
