import { expect, test } from "vitest";
import { accessPrepared, notePreparation } from "@/lib/access/prepared";

const A_MINUTE = 60_000;

test("a console waits until its first administrator and its first token are there", async () => {
  let finish = () => {};
  const order: string[] = [];
  notePreparation(
    new Promise<void>((done) => {
      finish = () => {
        order.push("prepared");
        done();
      };
    }),
  );
  const waited = accessPrepared(A_MINUTE).then(() => order.push("answers"));
  expect(order).toEqual([]);
  finish();
  await waited;
  expect(order).toEqual(["prepared", "answers"]);
});

test("a database that is away does not keep a console from saying so", async () => {
  notePreparation(new Promise(() => undefined));
  await expect(accessPrepared(1)).resolves.toBeUndefined();
});
