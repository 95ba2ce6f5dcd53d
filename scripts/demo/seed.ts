import { setTimeout as pause } from "node:timers/promises";
import {
  type NewProject,
  type NewUser,
  type SimulatorClient,
  simulatorClient,
} from "@/e2e/simulators/jira-data-center/client";
import { BACKLOG } from "@/scripts/demo/backlog";
import type { ConsoleApi } from "@/scripts/demo/console-api";
import { PAIRS_WITH_NEWS, PARTNER_NEWS, PRODUCTION_NEWS, type Visit } from "@/scripts/demo/news";
import {
  PARTNER,
  PARTNER_PEOPLE,
  PARTNER_PROJECT,
  PRIORITY_PAIRS,
  PRODUCTION,
  PRODUCTION_PEOPLE,
  PRODUCTION_PROJECT,
  STATUS_PAIRS,
  SYNC_USER,
  theirs,
} from "@/scripts/demo/story";

const DAY_MS = 24 * 60 * 60 * 1_000;
const EVENTS = [
  "jira:issue_created",
  "jira:issue_updated",
  "jira:issue_deleted",
  "comment_created",
  "comment_updated",
  "comment_deleted",
  "issuelink_created",
  "issuelink_deleted",
];
const SETTLING_MS = 120_000; // reading 40 pairs twice takes a few seconds; a busy machine is slower

export type Seeding = {
  api: ConsoleApi;
  consoleUrl: string;
  signal: AbortSignal;
  /** Tells the person who waits what is being done. */
  tell: (line: string) => void;
};

/**
 * Makes what the demo shows: two trackers with the same 40 issues, a connection that knows them as
 * pairs in step, then the visits of both sides, all while the gate is closed.
 */
export async function seed(seeding: Seeding): Promise<void> {
  const { api, signal, tell } = seeding;
  const production = simulatorClient(PRODUCTION.url);
  const partner = simulatorClient(PARTNER.url);
  tell("Filling both trackers with the same 40 issues");
  await fillTrackers(production, partner);

  tell("Connecting them");
  const connection = await connect(seeding);
  for (let number = 1; number <= BACKLOG.length; number++) {
    await api.linkPair({
      connection: connection.id,
      localKey: `PROD-${number}`,
      remoteKey: `ACME-${number}`,
    });
  }
  tell("Waiting until every pair has been read and found in step");
  await until(signal, async () => (await api.gate()).waiting === 0);

  tell("Letting people work in both trackers, while nothing is sent");
  await letPeopleWork(production, partner);
  tell("Waiting until their changes have been noticed and planned");
  await until(signal, async () => {
    const rows = await api.queue();
    return rows.length >= PAIRS_WITH_NEWS && rows.every((row) => row.words !== null);
  });
}

/** Both trackers hold the same issues afterwards, each in its own words for status and priority. */
export async function fillTrackers(production: SimulatorClient, partner: SimulatorClient) {
  await fill(production, PRODUCTION_PROJECT, PRODUCTION_PEOPLE, (ours) => ours);
  await fill(partner, PARTNER_PROJECT, PARTNER_PEOPLE, (ours, pairs) => theirs(pairs, ours));
}

export async function letPeopleWork(production: SimulatorClient, partner: SimulatorClient) {
  await visit(production, PRODUCTION_NEWS);
  await visit(partner, PARTNER_NEWS);
}

async function fill(
  simulator: SimulatorClient,
  project: NewProject,
  people: NewUser[],
  say: (ours: string, pairs: readonly (readonly [string, string])[]) => string,
): Promise<void> {
  await simulator.createUser({ name: SYNC_USER, displayName: "Exalate", admin: true });
  for (const person of people) await simulator.createUser(person);
  await simulator.createProject(project);
  const longAgo = Date.now() - (BACKLOG.length + 2) * DAY_MS;
  await simulator.seed({
    project: project.key,
    issues: BACKLOG.map(({ status, priority, ...issue }, index) => ({
      ...issue,
      status: say(status, STATUS_PAIRS),
      priority: say(priority, PRIORITY_PAIRS),
      reporter: people[index % people.length]?.name,
      createdAt: longAgo + index * DAY_MS,
    })),
  });
}

async function connect({ api, consoleUrl }: Seeding) {
  const token = `${SYNC_USER}-token`;
  const kind = "jira-data-center";
  const local = await api.createInstance({
    kind,
    name: "Production Jira",
    baseUrl: PRODUCTION.url,
    token,
  });
  const remote = await api.createInstance({
    kind,
    name: "Acme Jira",
    baseUrl: PARTNER.url,
    token,
  });
  const connection = await api.createConnection({
    name: "Acme partner",
    local: { instance: local.id, project: "PROD", issueType: "Task", trigger: "project = PROD" },
    remote: { instance: remote.id, project: "ACME", issueType: "Task" },
    mapping: { values: { status: tables(STATUS_PAIRS), priority: tables(PRIORITY_PAIRS) } },
    policy: "hold",
    firstMeeting: "hold",
  });
  for (const [side, { url }] of [
    ["local", PRODUCTION],
    ["remote", PARTNER],
  ] as const) {
    await simulatorClient(url)
      .as("admin-token")
      .createWebhook({
        name: "Exalate",
        url: `${consoleUrl}/api/webhooks/${connection.id}?side=${side}`,
        events: EVENTS,
        secret: connection.webhookSecret,
      });
  }
  return connection;
}

function tables(pairs: readonly (readonly [string, string])[]) {
  return {
    toRemote: Object.fromEntries(pairs),
    toLocal: Object.fromEntries(pairs.map(([ours, other]) => [other, ours])),
  };
}

async function visit(simulator: SimulatorClient, visits: Visit[]): Promise<void> {
  for (const { by, does } of visits) await does(simulator.as(`${by}-token`));
}

async function until(signal: AbortSignal, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + SETTLING_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) {
      throw new Error(
        "the workers did not get that far: see node.log in the demo's data directory",
      );
    }
    await pause(500, undefined, { signal });
  }
}
