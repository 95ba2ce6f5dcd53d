import type { Fence } from "@/lib/gate/gate";

/** What the server must still be for a life to go on after a lost connection. */
export type ServerIdentity = { startedAt: string; systemId: string; timeline: number };

/**
 * Why a life cannot go on after its connection was lost, or null when it can: a network blip is not
 * a restart, but a restarted, failed-over or rewound database has nobody left who could answer for it.
 */
export function endedBecause(
  before: { server: ServerIdentity; fence: Fence; beat: number },
  now: { server: ServerIdentity; fence: Fence; beat: number },
): string | null {
  if (now.server.systemId !== before.server.systemId)
    return "another database answers at this address";
  if (now.server.startedAt !== before.server.startedAt) return "the database restarted";
  if (now.server.timeline !== before.server.timeline) return "the database failed over";
  if (now.fence.incarnation !== before.fence.incarnation) return "a new life of the workers began";
  if (now.fence.epoch < before.fence.epoch || now.beat < before.beat)
    return "the database was rewound";
  return null;
}
