import { z } from "zod";
import type { Lack, ListedWebhook, WantedWebhook } from "@/lib/connections/webhook-rules";
import type { Http, Sent, Ticket } from "@/lib/connectors/connector";
import { isoOf } from "@/lib/connectors/jira-data-center/dates";
import { wholeProject } from "@/lib/connectors/jira-data-center/jql";
import { ISSUE_EVENTS, nothing, serverInfo } from "@/lib/connectors/jira-data-center/schema";
import type { WebhookRegistrar } from "@/lib/connectors/webhook-registrar";
import { SyncError } from "@/lib/errors";

// Jira moved its webhooks with version 10. Until 9 each has a search of its own, and no signature; since 10
// each is signed by a secret, and a search is ignored.

const UNTIL_9 = "/rest/webhooks/1.0/webhook";
const SINCE_10 = "/rest/jira-webhook/1.0/webhooks";
const FILTER_SECTION = "issue-related-events-section";
const A_PAGE = 100;
/** More than any Jira has; a list that never ends is not followed. */
const MOST_PAGES = 50;

const version = serverInfo.extend({ versionNumbers: z.array(z.number()).min(1).optional() });

const oldWebhook = z.object({
  self: z.string(),
  name: z.string(),
  url: z.string(),
  events: z.array(z.string()).default([]),
  enabled: z.boolean().default(true),
  excludeBody: z.boolean().default(false),
  filters: z.record(z.string(), z.string().nullish()).nullish(),
});

const newWebhook = z.object({
  id: z.number(),
  name: z.string(),
  url: z.string(),
  events: z.array(z.string()).default([]),
  active: z.boolean().default(true),
  configuration: z.record(z.string(), z.unknown()).nullish(),
  sslVerificationRequired: z.boolean().nullish(),
  createdDate: z.union([z.number(), z.string()]).nullish(),
  /** Of no use to us when it looks otherwise than Jira describes it. */
  statistics: z
    .object({
      counts: z.object({ failures: z.number().default(0), errors: z.number().default(0) }),
    })
    .nullish()
    .catch(null),
});

/** The webhooks of a Jira from 9 to 11, for changes of one project. Only administrators of Jira may use them. */
export function jiraWebhooks(http: Http, project: string): WebhookRegistrar {
  let known: Promise<WebhookRegistrar> | undefined;
  const ofItsVersion = (): Promise<WebhookRegistrar> => {
    known ??= readMajor(http).then((major) =>
      major >= 10 ? signedWebhooks(http) : filteredWebhooks(http, wholeProject({ project })),
    );
    known.catch(() => {
      known = undefined;
    });
    return known;
  };
  return {
    signs: async () => (await ofItsVersion()).signs(),
    list: async () => (await ofItsVersion()).list(),
    lacks: async (listed) => (await ofItsVersion()).lacks(listed),
    create: async (ticket, wanted) => (await ofItsVersion()).create(ticket, wanted),
    update: async (ticket, id, wanted) => (await ofItsVersion()).update(ticket, id, wanted),
    remove: async (ticket, id) => (await ofItsVersion()).remove(ticket, id),
  };
}

async function readMajor(http: Http): Promise<number> {
  const server = await http.read(version, "/rest/api/2/serverInfo");
  const major = server?.versionNumbers?.[0] ?? Number.parseInt(server?.version ?? "", 10);
  if (Number.isSafeInteger(major)) return major;
  throw new SyncError(
    "unexpected_answer",
    "Jira does not say its version, so where its webhooks are kept is not known",
  );
}

function filteredWebhooks(http: Http, filter: string): WebhookRegistrar {
  const bodyOf = ({ name, url }: WantedWebhook) => ({
    name,
    url,
    events: ISSUE_EVENTS,
    filters: { [FILTER_SECTION]: filter },
    excludeBody: false,
    enabled: true,
  });
  return {
    signs: async () => false,
    async list() {
      const listed = present(await http.read(z.array(oldWebhook), UNTIL_9));
      return listed.map(({ self, filters, ...hook }) => ({
        id: idOf(self),
        name: hook.name,
        url: hook.url,
        events: hook.events,
        isEnabled: hook.enabled,
        excludesBody: hook.excludeBody,
        filter: filters?.[FILTER_SECTION] || null,
        checksCertificate: null,
        createdAt: null,
        failed: null,
      }));
    },
    lacks: async (hook) =>
      lackOf(hook) ?? (hook.filter === null || hook.filter === filter ? null : "events"),
    create: (ticket, wanted) => http.write(ticket, nothing, "POST", UNTIL_9, bodyOf(wanted)),
    update: (ticket, id, wanted) =>
      http.write(ticket, nothing, "PUT", below(UNTIL_9, id), bodyOf(wanted)),
    remove: (ticket, id) => remove(http, ticket, below(UNTIL_9, id)),
  };
}

function signedWebhooks(http: Http): WebhookRegistrar {
  const bodyOf = ({ name, url, secret, checksCertificate }: WantedWebhook) => ({
    name,
    url,
    events: ISSUE_EVENTS,
    active: true,
    scopeType: "global",
    // Beside the configuration a secret is ignored without a word.
    configuration: { SECRET: secret, EXCLUDE_BODY: "false" },
    sslVerificationRequired: checksCertificate ?? true,
  });
  return {
    signs: async () => true,
    async list() {
      const byId = new Map<string, ListedWebhook>();
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const query = { start: String(byId.size), limit: String(A_PAGE), statistics: "true" };
        const listed = present(await http.read(z.array(newWebhook), SINCE_10, query));
        const fresh = listed.filter(({ id }) => !byId.has(String(id)));
        // How many it gives at a time it decides itself: a page that brings nothing new is the last.
        if (fresh.length === 0) break;
        for (const hook of fresh) byId.set(String(hook.id), toListed(hook));
      }
      return [...byId.values()];
    },
    lacks: async (hook) => lackOf(hook),
    create: (ticket, wanted) => http.write(ticket, nothing, "POST", SINCE_10, bodyOf(wanted)),
    update: (ticket, id, wanted) =>
      http.write(ticket, nothing, "PUT", below(SINCE_10, id), bodyOf(wanted)),
    remove: (ticket, id) => remove(http, ticket, below(SINCE_10, id)),
  };
}

function toListed(hook: z.infer<typeof newWebhook>): ListedWebhook {
  const counts = hook.statistics?.counts;
  return {
    id: String(hook.id),
    name: hook.name,
    url: hook.url,
    events: hook.events,
    isEnabled: hook.active,
    excludesBody: String(hook.configuration?.EXCLUDE_BODY ?? "false") === "true",
    filter: null,
    checksCertificate: hook.sslVerificationRequired ?? null,
    createdAt: momentOf(hook.createdDate),
    failed: counts ? counts.failures + counts.errors : null,
  };
}

function lackOf({ isEnabled, excludesBody, events }: ListedWebhook): Lack | null {
  if (!isEnabled) return "enabled";
  const tellsAll = !excludesBody && ISSUE_EVENTS.every((event) => events.includes(event));
  return tellsAll ? null : "events";
}

/** One that is gone already needs no removing. */
async function remove(http: Http, ticket: Ticket, path: string): Promise<Sent> {
  const sent = await http.write(ticket, nothing, "DELETE", path, undefined);
  const isGone = sent.kind === "failed" && sent.error.code === "issue_gone";
  return isGone ? { kind: "applied", created: {} } : sent;
}

function below(path: string, id: string): string {
  return `${path}/${encodeURIComponent(id)}`;
}

/** Until 9 an answer names itself only by its address. */
function idOf(self: string): string {
  const id = /\/webhook\/(\d+)\/?$/.exec(self)?.[1];
  if (id) return id;
  throw new SyncError("unexpected_answer", `a webhook of Jira calls itself ${self}`);
}

function momentOf(created: string | number | null | undefined): string | null {
  if (typeof created === "number") return new Date(created).toISOString();
  return created ? isoOf(created) : null;
}

/** For what every Jira of this version has. */
function present<T>(answer: T | null): T {
  if (answer !== null) return answer;
  throw new SyncError(
    "unexpected_answer",
    "Jira keeps no webhooks where its version should: the plugin for them may be disabled",
  );
}
