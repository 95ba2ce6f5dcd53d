/** Signs of an instance's own restarts. */
export type Vitals = {
  /** Null: it does not say. */
  isRunning: boolean | null;
  /** The cluster's node that answered, and how many requests it has answered since its start. */
  node: { id: string; requests: number } | null;
};

/** What a worker remembers of an instance between two looks, in its memory only. */
export type InstanceMemory = {
  /** It said that it was not running. */
  wasAway: boolean;
  /** Each node of its cluster, with the requests it had answered when last heard, and whether it has begun anew. */
  nodes: Map<string, { requests: number; hasRestarted: boolean }>;
};

export const NOTHING_SEEN: InstanceMemory = { wasAway: false, nodes: new Map() };

/**
 * Whether a look shows that an instance restarted: it said that it was away from running and is back, or
 * every node of its cluster that we know counts its requests anew. An instance that cannot be reached
 * says nothing: that never closes.
 */
export function sawRestart(
  memory: InstanceMemory,
  vitals: Vitals | null,
): { memory: InstanceMemory; restarted: boolean } {
  if (!vitals) return { memory, restarted: false };
  const nodes = new Map(memory.nodes);
  if (vitals.node) {
    const before = nodes.get(vitals.node.id);
    nodes.set(vitals.node.id, {
      requests: vitals.node.requests,
      hasRestarted:
        before !== undefined && (before.hasRestarted || vitals.node.requests < before.requests),
    });
  }
  const isBack = memory.wasAway && vitals.isRunning === true;
  const allAnew = nodes.size > 0 && [...nodes.values()].every(({ hasRestarted }) => hasRestarted);
  if (isBack || allAnew) {
    const known = [...nodes].map(
      ([id, node]) => [id, { requests: node.requests, hasRestarted: false }] as const,
    );
    return { memory: { wasAway: false, nodes: new Map(known) }, restarted: true };
  }
  const wasAway = vitals.isRunning === null ? memory.wasAway : memory.wasAway || !vitals.isRunning;
  return { memory: { wasAway, nodes }, restarted: false };
}
