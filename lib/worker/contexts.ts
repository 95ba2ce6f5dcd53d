import type pg from "pg";
import type { Dispatcher } from "undici";
import { z } from "zod";
import { openSides } from "@/lib/connections/connection-opener";
import { asksForQuiet, mailsRefusedAt, noteMailsRefused } from "@/lib/connections/quiet-store";
import type { Db } from "@/lib/db/database";
import type { Connection } from "@/lib/db/generated/client";
import type { Env } from "@/lib/env";
import { noteProbe, refuseMoved } from "@/lib/identity/instance-store";
import { type Kept, keeping } from "@/lib/kept";
import { mappingSchema } from "@/lib/sync/mapping-schema";
import type { Side } from "@/lib/sync/plan-types";
import { FIRST_MEETINGS, POLICIES } from "@/lib/sync/policies";
import type { PaceOf } from "@/lib/worker/pace";
import { type Directory, rememberingDirectory } from "@/lib/worker/people";
import type { PairContext } from "@/lib/worker/read-pair";
import { learningWorkflows, type Workflows } from "@/lib/worker/workflows";

/** Settings of a connection are read again after this time: a change takes effect without a restart. */
const KEEP_MS = 3_000;
/** Who we are at an instance, and how its clock differs, is asked again after this time. */
const KEEP_ACCOUNT_MS = 10 * 60_000;

export type ConnectionContext = PairContext & { connectionId: number; hasError: boolean };
type Account = { key: string; name: string; clockOffsetMs: number };

/** Opens connections for runs, and keeps them open for a moment. */
export function connectionContexts(
  db: Db,
  pool: pg.Pool,
  network: Dispatcher,
  env: Env,
  paceOf?: PaceOf,
) {
  const kept: Kept<number, ConnectionContext> = new Map();
  const directories = new Map<number, Directory>();
  const workflows = new Map<number, Workflows>();
  const accounts: Kept<number, Account> = new Map();

  async function noteQuiet({ id, mailsRefused }: Connection, side: Side, said: string | null) {
    if (said === null && mailsRefusedAt(mailsRefused, side) === null) return;
    await noteMailsRefused(db, id, side, said);
    kept.delete(id);
  }

  async function open(connectionId: number): Promise<ConnectionContext> {
    const connection = await db.connection.findUniqueOrThrow({
      where: { id: connectionId },
      include: { localInstance: true, remoteInstance: true },
    });
    const sides = openSides(connection, network, {
      writeTimeoutMs: env.WRITE_TIMEOUT_MS,
      paceOf,
      quietOf: (side) =>
        asksForQuiet(connection, side, new Date())
          ? { told: (said) => noteQuiet(connection, side, said) }
          : undefined,
    });
    const instanceId: Record<Side, number> = {
      local: connection.localInstanceId,
      remote: connection.remoteInstanceId,
    };
    const account = (side: Side): Promise<Account> =>
      keeping(accounts, instanceId[side], KEEP_ACCOUNT_MS, async () => {
        const probe = await sides[side].probe();
        await noteProbe(db, connection[`${side}Instance`], probe);
        const { key, name } = probe.account;
        return { key, name, clockOffsetMs: probe.clockOffsetMs };
      });
    const directory = (side: Side): Directory => {
      const id = instanceId[side];
      const directoryThere = directories.get(id) ?? rememberingDirectory(sides[side]);
      directories.set(id, directoryThere);
      return directoryThere;
    };
    const workflowsAt = (side: Side): Workflows => {
      const id = instanceId[side];
      const there = workflows.get(id) ?? learningWorkflows(pool, id);
      workflows.set(id, there);
      return there;
    };
    for (const side of ["local", "remote"] as const) {
      const instance = connection[`${side}Instance`];
      refuseMoved(instance);
      // Asked who it is before anything is written there for the first time.
      if (instance.confirmed === null) await account(side);
    }
    return {
      connectionId,
      hasError: connection.errorCode !== null,
      pool,
      sides,
      account,
      mapping: mappingSchema.parse(connection.mapping),
      terms: { markup: { local: sides.local.markup, remote: sides.remote.markup } },
      workflows: { local: workflowsAt("local"), remote: workflowsAt("remote") },
      directories: { local: directory("local"), remote: directory("remote") },
      policy: z.enum(POLICIES).parse(connection.policy),
      firstMeeting: z.enum(FIRST_MEETINGS).parse(connection.firstMeeting),
      indexLagMs: env.INDEX_LAG_MS,
      loopAnswerMs: env.LOOP_ANSWER_MS,
    };
  }

  return {
    /** Throws `SyncError` when a connection cannot be opened, for example without its key. */
    get: (connectionId: number): Promise<ConnectionContext> =>
      keeping(kept, connectionId, KEEP_MS, () => open(connectionId)),
    /** Reads a connection anew at its next use. */
    forget(connectionId: number): void {
      kept.delete(connectionId);
    },
  };
}
