import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "vitest";
import {
  type Person,
  type SimulatorClient,
  simulatorClient,
} from "@/e2e/simulators/jira-data-center/client";
import {
  type Simulator,
  type SimulatorOptions,
  startJiraSimulator,
} from "@/e2e/simulators/jira-data-center/server";

/** A running simulator with a project ABC and two people: an administrator and mia, whose clock is Berlin's. */
type Bench = { simulator: Simulator; control: SimulatorClient; admin: Person; mia: Person };

type ReceivedHook = {
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  body: HookBody;
};
type HookBody = {
  webhookEvent: string;
  timestamp: number;
  issue_event_type_name?: string;
  issue?: { key: string };
  user?: { name: string };
  comment?: { id: string; self: string; body: string };
  changelog?: { id: string; items: { field: string }[] };
};
export type Receiver = { url: string; received: ReceivedHook[] };

type Fixtures = {
  start: (options?: Partial<SimulatorOptions>) => Promise<Bench>;
  bench: Bench;
  receiver: Receiver;
  /** Where a simulator may save; nothing is there yet. */
  file: string;
};

export const test = base.extend<Fixtures>({
  // A simulator saves when it stops, so its folder must outlive it: hence the file, which is not used here.
  start: async ({ file: _file }, use) => {
    const started: Simulator[] = [];
    await use(async (options = {}) => {
      const simulator = await startJiraSimulator({
        name: "production",
        contextPath: "/jira",
        ...options,
      });
      started.push(simulator);
      const control = simulatorClient(simulator.baseUrl);
      await control.createUser({ name: "mia", timeZone: "Europe/Berlin" });
      await control.createProject({ key: "ABC" });
      return { simulator, control, admin: control.as("admin-token"), mia: control.as("mia-token") };
    });
    await Promise.all(started.map((simulator) => simulator.stop()));
  },
  bench: async ({ start }, use) => use(await start()),
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads which fixtures are needed from the pattern
  receiver: async ({}, use) => {
    const received: ReceivedHook[] = [];
    const server = createServer(async (message, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString("utf8");
      received.push({
        path: message.url ?? "",
        headers: message.headers,
        text,
        body: JSON.parse(text) as HookBody,
      });
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received });
    server.closeAllConnections();
    server.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  file: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "jira-"));
    await use(join(folder, "data", "production.json"));
    await rm(folder, { recursive: true });
  },
});
