import type { Dispatcher } from "undici";
import {
  type Openable,
  openInstance,
  openKnownInstance,
  openSides,
} from "@/lib/connections/connection-opener";
import { createInstance } from "@/lib/connections/connection-store";
import type { ConnectionInput, InstanceInput } from "@/lib/connections/schema";
import type {
  Compared,
  FirstPlans,
  KnownInstance,
  Preview,
  ProjectChoice,
  Tried,
  Triggered,
} from "@/lib/connections/setup";
import { SetupError } from "@/lib/connections/setup-error";
import type { OpenSide } from "@/lib/connectors/connector";
import { connectorFor } from "@/lib/connectors/registry";
import type { Db } from "@/lib/db/database";
import type { Instance } from "@/lib/db/generated/client";
import { SyncError } from "@/lib/errors";
import { toParts } from "@/lib/identity/address";
import { checkMapping } from "@/lib/sync/check-mapping";
import type { Mapping } from "@/lib/sync/mapping-schema";
import { plan } from "@/lib/sync/plan";
import type { Side } from "@/lib/sync/plan-types";
import { propose } from "@/lib/sync/propose";
import type { IssueReading } from "@/lib/sync/replica";
import { takesOneOf } from "@/lib/sync/takes-one";
import { peopleOf, rememberingDirectory } from "@/lib/worker/people";

const EXAMPLES = 10;
const PREVIEWS = 3;
/** A search of words finds more than the one that is meant; the newest are compared. */
const MOST_ALIKE = 20;
const SIDES = ["local", "remote"] as const;
/** Nothing is written while a connection is being made; a write that were tried would fail at once. */
const READ_ONLY = { writeTimeoutMs: 1 };

export type SidePlace = {
  instance: number;
  project: string;
  issueType: string;
  trigger?: string | undefined;
};

/** Every instance, by name, without its token. */
export async function listInstances(db: Db): Promise<KnownInstance[]> {
  return db.instance.findMany({
    select: { id: true, kind: true, name: true, baseUrl: true },
    orderBy: { name: "asc" },
  });
}

/** Tries an instance step by step. Keeps nothing, and never throws for what an instance may do. */
export async function tryInstance(
  network: Dispatcher,
  input: InstanceInput,
  now: Date,
): Promise<Tried> {
  const instance = openInstance(input, network);
  const checks = await instance.diagnose(now);
  const isUsable = checks.every(({ state }) => state !== "wrong");
  return { checks, title: isUsable ? (await instance.identity()).title : null };
}

/**
 * Keeps an instance that a person has tried: what it says of itself now counts as confirmed. Throws
 * `SetupError` when it cannot be used after all.
 */
export async function addInstance(
  db: Db,
  network: Dispatcher,
  input: InstanceInput,
  by: string,
): Promise<KnownInstance> {
  const instance = openInstance(input, network);
  const wrong = (await instance.diagnose(new Date())).find(({ state }) => state === "wrong");
  if (wrong) throw new SetupError("invalid", wrong.said);
  const { reportedUrl, applicationId } = await inWords(() => instance.identity());
  const confirmed = reportedUrl
    ? { address: toParts(input.baseUrl), reported: toParts(reportedUrl), applicationId }
    : null;
  const { id } = await createInstance(db, input, by, confirmed);
  return { id, kind: input.kind, name: input.name, baseUrl: input.baseUrl };
}

/** The projects that our account sees at an instance, asked there. Throws `SetupError` when it cannot be asked. */
export async function readProjects(
  db: Db,
  network: Dispatcher,
  id: number,
): Promise<ProjectChoice[]> {
  const instance = await findInstance(db, id);
  return inWords(() => openKnownInstance(instance, network).projects());
}

/** The types of issues that a project has, asked at its instance. Throws `SetupError` when it cannot be asked. */
export async function readTypes(
  db: Db,
  network: Dispatcher,
  { instance: id, project }: { instance: number; project: string },
): Promise<string[]> {
  const instance = await findInstance(db, id);
  return inWords(() => openKnownInstance(instance, network).types(project));
}

/** Reads what issues of both sides may look like, and proposes how they correspond. */
export async function compareSides(
  db: Db,
  network: Dispatcher,
  places: Record<Side, SidePlace>,
): Promise<Compared> {
  const sides = openSides(await openable(db, places, { fields: [] }), network, READ_ONLY);
  return inWords(async () => {
    const [local, remote] = await Promise.all([sides.local.describe(), sides.remote.describe()]);
    const rights = { local: await sides.local.rights(), remote: await sides.remote.rights() };
    return { sides: { local, remote }, proposal: propose(local, remote), rights };
  });
}

/** What a trigger names now, with its newest issues. */
export async function tryTrigger(
  db: Db,
  network: Dispatcher,
  places: Record<Side, SidePlace>,
  side: Side,
): Promise<Triggered> {
  const sides = openSides(await openable(db, places, {}), network, READ_ONLY);
  const { total, issues } = await inWords(() => sides[side].triggered(EXAMPLES));
  return { total, examples: issues };
}

/** What would be sent first: the newest issues that the triggers name, planned by the code that sends. */
export async function planFirst(
  db: Db,
  network: Dispatcher,
  input: Pick<ConnectionInput, "mapping" | "policy" | "firstMeeting"> & {
    places: Record<Side, SidePlace>;
  },
): Promise<FirstPlans> {
  const sides = openSides(await openable(db, input.places, input.mapping), network, READ_ONLY);
  return inWords(async () => {
    const [local, remote] = await Promise.all([sides.local.describe(), sides.remote.describe()]);
    const previews: Preview[] = [];
    let total = 0;
    for (const from of SIDES) {
      const found = await sides[from].triggered(PREVIEWS);
      total += found.total;
      for (const { id } of found.issues) {
        const issue = await sides[from].readIssue(id);
        if (issue) previews.push(await preview(issue, from, sides, input));
      }
    }
    return { problems: checkMapping(input.mapping, local, remote), previews, total };
  });
}

async function preview(
  issue: IssueReading,
  from: Side,
  sides: Record<Side, OpenSide>,
  { mapping, policy, firstMeeting }: Pick<ConnectionInput, "mapping" | "policy" | "firstMeeting">,
): Promise<Preview> {
  const readings = { local: null, remote: null, [from]: issue };
  const terms = { markup: { local: sides.local.markup, remote: sides.remote.markup } };
  const directories = {
    local: rememberingDirectory(sides.local),
    remote: rememberingDirectory(sides.remote),
  };
  const people = await peopleOf({ mapping, terms, directories }, readings);
  const planned = plan({
    ...readings,
    base: { local: null, remote: null },
    unconfirmed: { local: {}, remote: {} },
    known: [],
    markers: { local: new Map(), remote: new Map() },
    // It would carry a marker of its own; the preview is never sent.
    marker: "preview",
    mapping,
    terms: { ...terms, people },
    policy,
    firstMeeting,
    choices: {},
    lost: { local: {}, remote: {} },
    steps: { local: [], remote: [] },
    knownPieces: [],
    ours: { local: "", remote: "" },
    twins: { local: new Map(), remote: new Map() },
    awaited: { local: new Set(), remote: new Set() },
    takesOne: takesOneOf(sides),
    contents: null,
    changedAt: null,
  });
  const summary = typeof issue.fields.summary === "string" ? issue.fields.summary : "";
  return {
    key: issue.key,
    url: issue.url,
    summary,
    plan: planned.plan,
    from,
    alike: await findAlike(sides[from === "local" ? "remote" : "local"], summary),
  };
}

/** The newest issue of a side with the same summary, whatever its case and spaces; a hint, never an error. */
async function findAlike(side: OpenSide, summary: string): Promise<string | null> {
  const wanted = plainWords(summary);
  if (wanted === "") return null;
  try {
    const found = await side.alike(summary, MOST_ALIKE);
    return found.find((issue) => plainWords(issue.summary) === wanted)?.key ?? null;
  } catch (error) {
    if (error instanceof SyncError) return null;
    throw error;
  }
}

function plainWords(text: string): string {
  return text.normalize("NFKC").replace(/\s+/g, " ").trim().toLowerCase();
}

async function findInstance(db: Db, id: number): Promise<Instance> {
  const instance = await db.instance.findUnique({ where: { id } });
  if (!instance) throw new SetupError("not_found", "there is no such instance");
  return instance;
}

async function openable(
  db: Db,
  places: Record<Side, SidePlace>,
  mapping: Partial<Mapping>,
): Promise<Openable> {
  const [localInstance, remoteInstance] = await Promise.all([
    findInstance(db, places.local.instance),
    findInstance(db, places.remote.instance),
  ]);
  const settingsOf = ({ kind }: Instance, { instance: _, ...settings }: SidePlace) => {
    const parsed = connectorFor(kind).settings.safeParse(settings);
    if (parsed.success) return parsed.data as object as Openable["localSettings"];
    throw new SetupError(
      "invalid",
      `${settings.project} cannot be used: ${parsed.error.issues[0]?.message}`,
    );
  };
  return {
    localInstance,
    remoteInstance,
    localSettings: settingsOf(localInstance, places.local),
    remoteSettings: settingsOf(remoteInstance, places.remote),
    mapping: { version: 2, ...mapping } as object as Openable["mapping"],
  };
}

/** What an instance may do is a sentence for the person who waits for it. */
export async function inWords<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SyncError) throw new SetupError("invalid", error.message);
    throw error;
  }
}
