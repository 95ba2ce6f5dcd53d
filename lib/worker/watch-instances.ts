import type pg from "pg";
import { openSides } from "@/lib/connections/connection-opener";
import { notifySoon } from "@/lib/db/notify";
import { SyncError } from "@/lib/errors";
import { closeByNode } from "@/lib/gate/close-store";
import { type InstanceMemory, NOTHING_SEEN, sawRestart } from "@/lib/gate/instance-restart";
import type { PollInput } from "@/lib/worker/poll";

/** Looks at the local instances for restarts: Sync Control exists for the day when Jira comes up again, somewhere. */
export function watchInstances() {
  const memories = new Map<number, InstanceMemory>();

  return async ({ db, pool, network, env }: PollInput): Promise<void> => {
    const connections = await db.connection.findMany({
      where: { localInstance: { closesOnRestart: true }, heldSides: { isEmpty: true } },
      include: { localInstance: true, remoteInstance: true },
      distinct: ["localInstanceId"],
    });
    await Promise.all(
      connections.map(async (connection) => {
        const { localInstanceId: id, localInstance } = connection;
        try {
          const sides = openSides(connection, network, { writeTimeoutMs: env.WRITE_TIMEOUT_MS });
          const seen = sawRestart(memories.get(id) ?? NOTHING_SEEN, await sides.local.vitals());
          memories.set(id, seen.memory);
          if (seen.restarted) await close(pool, `${localInstance.name} restarted.`);
        } catch (error) {
          // Without its token an instance is not asked; its connection says so already.
          if (!(error instanceof SyncError)) throw error;
        }
      }),
    );
  };
}

async function close(pool: pg.Pool, reason: string): Promise<void> {
  const client = await pool.connect();
  try {
    if (await closeByNode(client, reason)) notifySoon(pool, "sync_changed");
  } finally {
    client.release();
  }
}
