import { startOfDay } from "@/e2e/simulators/jira-data-center/zones";

/** The running Jira process. A restart makes a new one with the same id, and its counting begins again. */
export type ServerNode = { readonly id: string; requests: number; underway: number };

export function startNode(id: string): ServerNode {
  return { id, requests: 0, underway: 0 };
}

/** `<minute of the day>x<number since the start>x<how many at once>`, as in Jira's X-AREQUESTID. */
export function numberRequest(node: ServerNode, at: number, zone: string): string {
  node.requests += 1;
  const minute = Math.floor((at - startOfDay(at, zone)) / 60_000);
  return `${minute}x${node.requests}x${node.underway}`;
}
