import type { Faults } from "@/e2e/simulators/jira-data-center/faults";

/** One node of the cluster: its id, and how late its search index is. */
export type ClusterNode = { id: string; indexLagMs: number };

/** Without a cluster the one node there is. */
export function nodesOf({ nodes = [], indexLagMs = 0 }: Faults, ownId: string): ClusterNode[] {
  if (nodes.length === 0) return [{ id: ownId, indexLagMs }];
  return nodes.map((node) => ({ id: node.id, indexLagMs: Math.max(node.indexLagMs, indexLagMs) }));
}

/** As a load balancer without sticky sessions deals requests out. */
export function nodeInTurn(nodes: ClusterNode[], turn: number): ClusterNode {
  const node = nodes[turn % nodes.length];
  if (!node) throw new Error("a cluster without nodes");
  return node;
}

/** What has to be remembered of issues, so that every node can be late. */
export function longestLag(faults: Faults): number {
  return Math.max(...nodesOf(faults, "").map(({ indexLagMs }) => indexLagMs));
}
