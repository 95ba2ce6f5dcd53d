import type { Connector } from "@/lib/connectors/connector";
import { jiraDataCenter } from "@/lib/connectors/jira-data-center";
import { redmine } from "@/lib/connectors/redmine";

// The one place that names the connectors.
const CONNECTORS = [jiraDataCenter, redmine] as const;

export const CONNECTOR_KINDS = CONNECTORS.map((connector) => connector.kind);

/** What people choose from. */
export const CONNECTOR_NAMES = CONNECTOR_KINDS.map((kind) => {
  const { displayName, textFormats = [] } = connectorFor(kind);
  /** `textFormats`: markups to choose from, the usual one first; none where there is nothing to choose. */
  return { kind, name: displayName, textFormats: [...textFormats] };
});

/** Throws for a kind that this version does not know. */
export function connectorFor(kind: string): Connector<unknown> {
  const found = CONNECTORS.find((connector) => connector.kind === kind);
  if (!found) throw new Error(`there is no connector "${kind}"`);
  // Settings are parsed by the connector's own schema before they reach it.
  return found as unknown as Connector<unknown>;
}
