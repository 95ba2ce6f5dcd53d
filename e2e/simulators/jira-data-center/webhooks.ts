import { createHmac } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Faults } from "@/e2e/simulators/jira-data-center/faults";
import { matcher } from "@/e2e/simulators/jira-data-center/jql";
import type { Issue, Webhook } from "@/e2e/simulators/jira-data-center/records";
import {
  adminOf,
  type Happening,
  type JiraState,
  projectOf,
} from "@/e2e/simulators/jira-data-center/state";
import { type Payload, payloadsOf } from "@/e2e/simulators/jira-data-center/webhook-payloads";

/** `settled` returns when nothing is on its way; `stop` gives up what is. */
export type Postman = {
  tell(happening: Happening): void;
  settled(): Promise<void>;
  stop(): Promise<void>;
};

/** As long as Jira waits for a receiver. */
const TIMEOUT_MS = 10_000;
/** A reordered request waits for the next one, but not for ever. */
const HELD_BACK_MS = 250;

/**
 * Sends webhooks after the request that caused them was answered, one after another for each hook, to this
 * machine only. Never tries again: what a receiver misses is lost, as with a real Data Center.
 */
export function startPostman(state: JiraState, faults: () => Faults): Postman {
  const giveUp = new AbortController();
  const queues = new Map<number, Promise<void>>();
  const heldBack = new Map<number, () => Promise<void>>();

  function enqueue(hook: Webhook, work: () => Promise<void>): void {
    const queue = (queues.get(hook.id) ?? Promise.resolve()).then(work).catch(() => undefined);
    queues.set(hook.id, queue);
  }

  async function post(hook: Webhook, issue: Issue, payload: Payload): Promise<void> {
    const { delayMs = 0, duplicatePercent = 0 } = faults().webhooks ?? {};
    const wait = delayMs + payload.afterMs;
    if (wait > 0) await pause(wait, undefined, { signal: giveUp.signal });
    const times = happens(duplicatePercent) ? 2 : 1;
    for (let sent = 0; sent < times; sent += 1)
      await send(state, hook, issue, payload, giveUp.signal);
  }

  async function postOutOfOrder(hook: Webhook, work: () => Promise<void>): Promise<void> {
    const earlier = heldBack.get(hook.id);
    if (earlier) {
      heldBack.delete(hook.id);
      await work();
      await earlier();
      return;
    }
    heldBack.set(hook.id, work);
    setTimeout(() => {
      if (heldBack.get(hook.id) !== work) return;
      heldBack.delete(hook.id);
      enqueue(hook, work);
    }, HELD_BACK_MS).unref();
  }

  return {
    tell(happening) {
      const hooks = [...state.webhooks.values()].filter(({ active }) => active);
      if (hooks.length === 0) return;
      for (const payload of payloadsOf(state, happening)) {
        for (const hook of hooks) {
          const { dropPercent = 0, reorder = false } = faults().webhooks ?? {};
          if (!hook.events.includes(payload.event) || happens(dropPercent)) continue;
          if (!isWanted(state, hook, happening.issue)) continue;
          const work = () => post(hook, happening.issue, payload);
          enqueue(hook, reorder ? () => postOutOfOrder(hook, work) : work);
        }
      }
    },
    async settled() {
      while (heldBack.size > 0) await pause(20);
      await Promise.all(queues.values());
    },
    async stop() {
      giveUp.abort();
      heldBack.clear();
      await Promise.all(queues.values());
    },
  };
}

async function send(
  state: JiraState,
  hook: Webhook,
  issue: Issue,
  payload: Payload,
  signal: AbortSignal,
): Promise<void> {
  const url = filledIn(state, hook.url, issue, payload);
  if (!isLoopback(url)) return;
  const body = hook.excludeBody ? "" : JSON.stringify(payload.body);
  const headers: Record<string, string> = {
    "Content-Type": "application/json; charset=UTF-8",
    "User-Agent": `Atlassian HttpClient unknown / JIRA-${state.personality.version}`,
  };
  if (hook.secret && state.personality.webhooks === "new") {
    const signature = createHmac("sha256", hook.secret).update(body).digest("hex");
    headers["X-Hub-Signature"] = `sha256=${signature}`;
  }
  hook.counts ??= { successes: 0, failures: 0, errors: 0 };
  const { counts } = hook;
  const answer = await fetch(url, {
    method: "POST",
    headers,
    body,
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }).catch((error: unknown) => {
    counts.errors += 1;
    throw error;
  });
  if (answer.ok) counts.successes += 1;
  else counts.failures += 1;
  await answer.arrayBuffer();
}

/** A JQL filter is heeded up to Jira 9; later it is kept and ignored. */
function isWanted(state: JiraState, { filter }: Webhook, issue: Issue): boolean {
  if (!filter || state.personality.webhooks === "new") return true;
  return matcher(state, adminOf(state), filter)(issue);
}

/** Jira 10 writes its variables without a dollar sign, those before with one. */
function filledIn(state: JiraState, url: string, issue: Issue, { body }: Payload): string {
  const comment = body.comment as { id: string } | undefined;
  const values: Record<string, string> = {
    "issue.key": issue.key,
    "issue.id": issue.id,
    "project.key": projectOf(state, issue).key,
    "project.id": issue.projectId,
    "comment.id": comment?.id ?? "",
  };
  const variables = state.personality.webhooks === "new" ? /\{([a-z.]+)\}/g : /\$\{([a-z.]+)\}/g;
  return url.replace(variables, (variable, name: string) => values[name] ?? variable);
}

function isLoopback(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? "";
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function happens(percent: number): boolean {
  return Math.random() * 100 < percent;
}
