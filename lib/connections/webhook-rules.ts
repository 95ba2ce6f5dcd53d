import { z } from "zod";
import { withKey, withoutKey } from "@/lib/access/webhook-secret";
import type { Side } from "@/lib/sync/plan-types";

/** A webhook as an instance lists it. */
export type ListedWebhook = {
  id: string;
  name: string;
  /** Where it posts to, whole. */
  url: string;
  events: string[];
  isEnabled: boolean;
  /** It leaves the events' bodies out: what it posts tells us nothing. */
  excludesBody: boolean;
  /** The search that narrows it; null where there is none, or where the instance keeps none. */
  filter: string | null;
  /** False: it posts to addresses whose certificate nobody has signed. Null: the instance does not say. */
  checksCertificate: boolean | null;
  /** ISO; null where the instance does not say. */
  createdAt: string | null;
  /** How many of its events did not arrive lately, as the instance counts; null where it does not. */
  failed: number | null;
};

/** A webhook as it should be. Which events, and which filter, the instance's connector knows. */
export type WantedWebhook = {
  name: string;
  url: string;
  /** What the instance signs with, where it signs. */
  secret: string;
  /** As it was; null for a new one. */
  checksCertificate: boolean | null;
};

/**
 * `ours`: it posts to our address. `elsewhere`: it carries our name but posts to another address, as after
 * a move of the console, or where a copy of this node registered it. `original`: the node that this one is
 * a copy of registered it.
 */
const WHOSE = ["ours", "elsewhere", "original"] as const;
export type Whose = (typeof WHOSE)[number];

/**
 * What a webhook lacks to tell us all that we need. `enabled`: it is switched off. `events`: it leaves some
 * out, or their bodies. `secret`: it is not known to have the secret of today.
 */
const LACKS = ["enabled", "events", "secret"] as const;
export type Lack = (typeof LACKS)[number];

/** A webhook at an instance that concerns this side, as it is kept: without what proves its events. */
export const foundWebhook = z.object({
  id: z.string(),
  name: z.string(),
  address: z.string(),
  events: z.array(z.string()),
  lacks: z.enum(LACKS).nullable(),
  whose: z.enum(WHOSE),
  since: z.string().nullable(),
  failed: z.number().nullable().default(null),
});
export type FoundWebhook = z.infer<typeof foundWebhook>;

/** What this side's webhook is known by. */
export type Ours = {
  connectionId: number;
  connectionName: string;
  side: Side;
  /** Without a key. */
  address: string;
  identity: string;
  /** The node that this one was declared a copy of. */
  copyOf: string | null;
};

/** Where the webhook of a side posts to. */
export function webhookAddress(consoleUrl: string, connectionId: number, side: Side): string {
  return `${consoleUrl.replace(/\/+$/, "")}/api/webhooks/${connectionId}?side=${side}`;
}

/** People read the words; the tag at the end is what it is known by when the console has moved. */
export function webhookName({ connectionId, connectionName, side, identity }: Ours): string {
  return `Exalate: ${connectionName}, ${side} side [${tagOf(identity, connectionId, side)}]`;
}

/** The webhooks in an instance's list that concern this side; others are none of our business. */
export function whoseIs(listed: Pick<ListedWebhook, "name" | "url">, ours: Ours): Whose | null {
  if (sameAddress(listed.url, ours.address)) return "ours";
  const tag = /\[([0-9a-f]{8}-\d+-(?:local|remote))\]\s*$/.exec(listed.name)?.[1];
  if (tag === tagOf(ours.identity, ours.connectionId, ours.side)) return "elsewhere";
  if (ours.copyOf && tag === tagOf(ours.copyOf, ours.connectionId, ours.side)) return "original";
  // Registered by hand it has no tag: the same way in at another address.
  return tag === undefined && sameWayIn(listed.url, ours.address) ? "elsewhere" : null;
}

export type Wish = "register" | "remove";

/** `as_it_is`: nothing is to be changed there, whatever was wanted before; it is looked at again. */
export const WANTS = ["register", "remove", "as_it_is"] as const;
export type Want = (typeof WANTS)[number];

export type Due =
  | { kind: "create"; wanted: WantedWebhook }
  | { kind: "update"; id: string; wanted: WantedWebhook }
  | { kind: "remove"; id: string };

export type Standing = { listed: ListedWebhook; whose: Whose; lacks: Lack | null };

/**
 * The writes that bring an instance to what a person wants, by what is registered there now: none when it
 * is so already. One that is there is put right in its place, never doubled; what is not ours stays.
 */
export function whatIsDue(
  wish: Wish,
  ours: Ours,
  standings: Standing[],
  { signs, secret }: { signs: boolean; secret: string },
): Due[] {
  const there = standings.filter(({ whose }) => whose === "ours");
  if (wish === "remove") return there.map(({ listed }) => ({ kind: "remove", id: listed.id }));
  const wanted = (name: string, checksCertificate: boolean | null): WantedWebhook => ({
    name,
    url: signs ? ours.address : withKey(ours.address, secret),
    secret,
    checksCertificate,
  });
  if (there.some(({ lacks }) => lacks === null)) return [];
  const [first] = there;
  if (!first) return [{ kind: "create", wanted: wanted(webhookName(ours), null) }];
  const { id, checksCertificate } = first.listed;
  return [{ kind: "update", id, wanted: wanted(webhookName(ours), checksCertificate) }];
}

/** As it is kept and shown: nothing of it proves an event. */
export function toFound({ listed, whose, lacks }: Standing): FoundWebhook {
  const { id, name, url, events, createdAt, failed } = listed;
  return { id, name, address: withoutKey(url), events, lacks, whose, since: createdAt, failed };
}

function tagOf(identity: string, connectionId: number, side: Side): string {
  return `${identity.slice(0, 8)}-${connectionId}-${side}`;
}

function sameAddress(one: string, other: string): boolean {
  return URL.canParse(one) && withoutKey(one) === withoutKey(other);
}

function sameWayIn(one: string, other: string): boolean {
  const [a, b] = [URL.parse(withoutKey(one)), URL.parse(other)];
  if (!a || !b) return false;
  return a.pathname === b.pathname && a.search === b.search;
}
