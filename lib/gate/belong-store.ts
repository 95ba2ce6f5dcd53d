import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { refuseAnotherNode } from "@/lib/gate/start-store";
import { type AddressParts, sameParts } from "@/lib/identity/address";

const LOOK_MS = 500;

/**
 * Waits until the present life of the workers calls its console what this process was told. Throws
 * `WrongNode` when workers that live right now call it something else: then this console was given
 * another node's database. A copy's database still says what the original's workers said; there nobody
 * answers, and its own workers soon begin a life.
 */
export async function belong(
  pool: pg.Pool,
  told: { console: AddressParts | null; label: string | null },
): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ console: AddressParts | null; label: string | null }>(
      "select console, label from gate",
    );
    const node = rows[0];
    const isOurs =
      told.console === null || node?.console == null || sameParts(told.console, node.console);
    const isCalledSo = told.label === null || node?.label == null || told.label === node.label;
    if (isOurs && isCalledSo) return;
    if (await isSomebodyThere(pool)) await refuseAnotherNode(pool, told);
    else await pause(LOOK_MS);
  }
}

/** Asks as a starter does: only an answer of this moment tells that a member lives. */
async function isSomebodyThere(pool: pg.Pool): Promise<boolean> {
  const nonce = randomUUID();
  await pool.query("insert into question (nonce, asked_by, asked_at) values ($1, $2, sync_now())", [
    nonce,
    randomUUID(),
  ]);
  await pool.query("select pg_notify('sync_question', '')");
  for (let look = 0; look < 4; look++) {
    await pause(LOOK_MS);
    const { rowCount } = await pool.query(
      `select from question q join gate g on g.incarnation = q.answer_incarnation where q.nonce = $1`,
      [nonce],
    );
    if (rowCount) return true;
  }
  return false;
}
