import { Agent, type Dispatcher } from "undici";
import { vi } from "vitest";
import { type SimulatorClient, simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { type Simulator, startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import { createConnection, createInstance, linkPair } from "@/lib/connections/connection-store";
import { connectionInput, instanceInput } from "@/lib/connections/schema";
import { test as base } from "@/lib/testing/database";
import { pollDueSides } from "@/lib/worker/poll";

vi.stubEnv("SECRET_KEY", Buffer.alloc(32, 1).toString("base64"));

/** Two Jiras and an agreement between their projects PROD and ACME; nothing runs by itself. */
export type Connected = {
  connectionId: number;
  webhookSecret: string;
  network: Dispatcher;
  simulators: { production: Simulator; partner: Simulator };
  production: SimulatorClient;
  partner: SimulatorClient;
  /** Polls both sides once, as a worker does when they are due. */
  poll(): Promise<void>;
  link(localKey: string, remoteKey: string): Promise<number>;
};

type Fixtures = { connected: Connected };

export const test = base.extend<Fixtures>({
  connected: async ({ db, pool }, use) => {
    const simulators = {
      production: await startJiraSimulator({ name: "production", contextPath: "/jira" }),
      partner: await startJiraSimulator({ name: "partner", serverTimeZone: "Asia/Tokyo" }),
    };
    const network = new Agent();
    const sides = [
      [simulators.production, "PROD", "America/New_York"],
      [simulators.partner, "ACME", "UTC"],
    ] as const;
    for (const [simulator, key, timeZone] of sides) {
      const client = simulatorClient(simulator.baseUrl);
      await client.createUser({ name: "exalate", timeZone });
      await client.createUser({ name: "mia" });
      await client.createProject({ key });
      await createInstance(
        db,
        instanceInput.parse({ name: key, baseUrl: simulator.baseUrl, token: "exalate-token" }),
        "ada",
      );
    }
    const { id: connectionId, webhookSecret } = await createConnection(
      db,
      connectionInput.parse({
        name: "Acme partner",
        local: { instance: "PROD", project: "PROD", trigger: "labels = sync" },
        remote: { instance: "ACME", project: "ACME" },
      }),
      "ada",
    );
    const env = { POLL_INTERVAL_MS: 3_600_000, WRITE_TIMEOUT_MS: 3_000 };
    await use({
      connectionId,
      webhookSecret,
      network,
      simulators,
      production: simulatorClient(simulators.production.baseUrl),
      partner: simulatorClient(simulators.partner.baseUrl),
      async poll() {
        await pool.query("update watermark set polled_at = null, claimed_until = null");
        await pollDueSides({ db, pool, network, env, isOver: () => false });
      },
      link: async (localKey, remoteKey) => {
        const input = { connection: connectionId, localKey, remoteKey };
        return (await linkPair(db, input, "ada", network)).pairId;
      },
    });
    await network.destroy();
    await simulators.production.stop();
    await simulators.partner.stop();
  },
});
