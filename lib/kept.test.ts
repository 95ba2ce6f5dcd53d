import { expect, test } from "vitest";
import { type Kept, keeping } from "@/lib/kept";

const HOUR = 3_600_000;

test("who asks while an answer is on its way gets the same one, and so does who asks soon after", async () => {
  const kept: Kept<string, number> = new Map();
  let asked = 0;
  const ask = async () => ++asked;
  const answers = [keeping(kept, "a", HOUR, ask), keeping(kept, "a", HOUR, ask)];
  expect(await Promise.all(answers)).toEqual([1, 1]);
  expect(await keeping(kept, "a", HOUR, ask)).toBe(1);
  expect(await keeping(kept, "b", HOUR, ask)).toBe(2);
});

test("an answer whose time is over is asked for again", async () => {
  const kept: Kept<string, number> = new Map();
  let asked = 0;
  const ask = async () => ++asked;
  expect(await keeping(kept, "a", -1, ask)).toBe(1);
  expect(await keeping(kept, "a", HOUR, ask)).toBe(2);
});

test("a failure reaches those who asked for it, and nobody after them", async () => {
  const kept: Kept<string, number> = new Map();
  const fail = () => Promise.reject(new Error("away"));
  const answers = [keeping(kept, "a", HOUR, fail), keeping(kept, "a", HOUR, fail)];
  const outcomes = await Promise.allSettled(answers);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await keeping(kept, "a", HOUR, async () => 7)).toBe(7);
});

test("a failure that comes late does not take away the answer that came after it", async () => {
  const kept: Kept<string, number> = new Map();
  const late = Promise.withResolvers<number>();
  const first = keeping(kept, "a", -1, () => late.promise);
  expect(await keeping(kept, "a", HOUR, async () => 2)).toBe(2);
  late.reject(new Error("away"));
  await expect(first).rejects.toThrow("away");
  expect(await keeping(kept, "a", HOUR, async () => 3)).toBe(2);
});
