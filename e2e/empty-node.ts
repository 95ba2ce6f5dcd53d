import { rmSync } from "node:fs";
import { fill, freePort, PACE, PRIORITY_PAIRS, STATUS_PAIRS, until } from "@/e2e/line";
import { makeNodeFolder } from "@/e2e/node-folder";
import { type SimulatorClient, simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { type Simulator, startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import { type RunningNode, startNode } from "@/scripts/node";

/** A node that nobody has used yet, beside two simulators: four issues at the one, none at the other. */
export type EmptyNode = {
  node: RunningNode;
  /** Where the first administrator is made. */
  welcomeLink: string;
  simulators: { production: Simulator; partner: Simulator };
  production: SimulatorClient;
  partner: SimulatorClient;
  stop(): Promise<void>;
};

export async function startEmptyNode(): Promise<EmptyNode> {
  const folder = makeNodeFolder("empty-node");
  const simulators = {
    production: await startJiraSimulator({ name: "production", contextPath: "/jira" }),
    partner: await startJiraSimulator({ name: "partner" }),
  };
  const production = simulatorClient(simulators.production.baseUrl);
  const partner = simulatorClient(simulators.partner.baseUrl);
  await fill(production, "PROD", Object.keys(STATUS_PAIRS), Object.keys(PRIORITY_PAIRS), 4);
  // Jira lets its administrators register webhooks: here it may, at the partner it may not.
  await production.createUser({ name: "exalate", displayName: "Exalate", admin: true });
  await fill(partner, "ACME", Object.values(STATUS_PAIRS), Object.values(PRIORITY_PAIRS), 0);
  const port = await freePort();
  const printed: string[] = [];
  const node = await startNode({
    env: {
      ...(process.env as Record<string, string>),
      ...PACE,
      DATA_DIR: folder,
      PORT: String(port),
      CONSOLE_URL: `http://localhost:${port}`,
      LOG_LEVEL: "info",
      // Nobody may sign in yet, whatever other nodes were started with.
      ADMIN_EMAIL: "",
      ADMIN_PASSWORD: "",
      API_TOKEN: "",
    },
    print: (line) => printed.push(line),
  });
  const link = () => printed.join("\n").match(/http:\/\/[^\s"]+\/welcome[^\s"]+/)?.[0];
  await until("the link for the first administrator", async () => link() !== undefined);
  return {
    node,
    welcomeLink: link() ?? "",
    simulators,
    production,
    partner,
    async stop() {
      await node.stop();
      await simulators.production.stop();
      await simulators.partner.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until the partner has an issue of this summary. */
export function untilTwin(partner: SimulatorClient, summary: string): Promise<void> {
  return until("the twin at the partner", async () => {
    const { issues } = await partner.as("ada-token").search("project = ACME");
    return issues.some(({ fields }) => fields.summary === summary);
  });
}
