import type pg from "pg";
import { rescueEntries } from "@/lib/sync-queue/worker-store";

// A worker is killed at a call. What a process leaves behind when it dies is the database and the instances as
// they are: its own memory is gone, so throwing out of it will do.

export class Died extends Error {}

export const MOMENTS = [
  "before the permit",
  "after the permit",
  "before the answer",
  "before the record",
] as const;
export type Moment = (typeof MOMENTS)[number];

/** A write that a worker asks to make. */
export type Asked = { kind: string; side: "local" | "remote"; method: string };

/**
 * The pool of a worker that dies at the first write that `isIt`. "Before the answer" is for whoever sees to it in
 * `granted` that the write arrives and its answer does not.
 */
export function dyingAt(
  pool: pg.Pool,
  moment: Moment,
  isIt: (asked: Asked) => boolean,
  granted: (asked: Asked) => Promise<void> = async () => undefined,
): pg.Pool {
  let permit: unknown;
  const query = async (text: string, values: unknown[] = []) => {
    if (permit !== undefined && text.includes("settle_permit") && values[0] === permit)
      throw new Died();
    if (!text.includes("grant_permit")) return pool.query(text, values);
    const [side, kind, method] = values.slice(6) as [Asked["side"], string, string];
    const asked = { side, kind, method };
    if (!isIt(asked)) return pool.query(text, values);
    if (moment === "before the permit") throw new Died();
    const answer = await pool.query(text, values);
    if (moment === "after the permit") throw new Died();
    permit = values[0];
    await granted(asked);
    return answer;
  };
  return new Proxy(pool, {
    get: (target, name) => (name === "query" ? query : Reflect.get(target, name)),
  });
}

/** Says that all workers are dead, and frees what was in their hands. */
export async function buryWorkers(pool: pg.Pool): Promise<void> {
  await pool.query("update worker set stopped_at = sync_now()");
  await rescueEntries(pool, 0);
}

/** The writes of the dead can no longer land: their time is over. */
export async function endPermits(pool: pg.Pool): Promise<void> {
  await pool.query("update permit set deadline_at = sync_now() - interval '1 minute'");
}
