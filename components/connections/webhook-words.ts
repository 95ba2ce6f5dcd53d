import type { MarkName } from "@/components/ui/mark";
import { count } from "@/components/ui/words";
import type { WebhookSide } from "@/lib/connections/webhook-page";
import type { FoundWebhook, Want } from "@/lib/connections/webhook-rules";

export type Told = {
  mark: MarkName;
  tone: "fine" | "soft" | "warn" | "error" | "running";
  /** The state in a word or two. */
  word: string;
  /** What it means, as sentences. */
  said: string;
};

/** The webhook that counts for this side: one that tells all, else the first that posts to us. */
export function oursOf({ found }: WebhookSide): FoundWebhook | null {
  const ours = found?.filter(({ whose }) => whose === "ours") ?? [];
  return ours.find(({ lacks }) => lacks === null) ?? ours[0] ?? null;
}

/** Registered there by another address than this console's. */
export function othersOf({ found }: WebhookSide): FoundWebhook[] {
  return found?.filter(({ whose }) => whose !== "ours") ?? [];
}

/**
 * Our account may not look, and nobody has asked for a webhook there: no cause for alarm, since changes are
 * found by asking.
 */
export function isOnlyHidden({ trouble, failure, wish, registeredAt }: WebhookSide): boolean {
  return trouble?.code === "field_rejected" && !failure && !wish && registeredAt === null;
}

/** How the webhook of one side stands. */
export function standingOf(side: WebhookSide): Told {
  const { instance } = side;
  if (!side.hasWebhooks)
    return {
      mark: "gone",
      tone: "soft",
      word: "None here",
      said: `${instance} has no webhooks: it is asked every few seconds.`,
    };
  if (side.wish) return wished(side, side.wish);
  if (side.failure)
    return {
      mark: "failed",
      tone: "error",
      word: "Not done",
      said: `${instance} did not do what was wanted.`,
    };
  return found(side);
}

function wished(
  { instance, failure }: WebhookSide,
  { want, waitsFor }: NonNullable<WebhookSide["wish"]>,
): Told {
  const done = want === "register" ? "registered" : "removed";
  const waits = (word: string, said: string): Told => ({
    mark: "closedGate",
    tone: "warn",
    word,
    said: `${said} Nothing is sent to ${instance} before.`,
  });
  switch (waitsFor) {
    case "activation":
      return waits("Waits for an activation", `It is ${done} as soon as sync is activated.`);
    case "scope":
      return waits(
        "Waits for an activation",
        `The present one does not include this connection. It is ${done} by the next that does.`,
      );
    case "resumption":
      return waits("Waits for the pause to end", `It is ${done} once this connection is resumed.`);
    case "release":
      return waits(
        "Waits for a decision",
        `This connection is held. It is ${done} once it is released or pointed elsewhere.`,
      );
    case "confirmation":
      return waits(
        "Waits for a confirmation",
        `Another instance answers there than the one that was confirmed. Look at it on the Activation page.`,
      );
    case "sign_of_life":
      return waits(
        "Waits for our sign of life there",
        "It follows an activation within a minute, unless another node with our identity lives there.",
      );
    case "worker":
      return failure
        ? {
            mark: "retrying",
            tone: "warn",
            word: "Tried again",
            said: `It is not ${done} yet. It is tried again by itself.`,
          }
        : {
            mark: "running",
            tone: "running",
            word: want === "register" ? "Being registered" : "Being removed",
            said: "A worker is at it.",
          };
  }
}

function found(side: WebhookSide): Told {
  const ours = oursOf(side);
  if (isOnlyHidden(side))
    return {
      mark: "help",
      tone: "soft",
      word: "Not known, and not needed",
      said: `Jira lets only its administrators see and register webhooks, and our account at ${side.instance} is not one of them. It is asked every few seconds instead: changes come later, and none is missed.`,
    };
  if (side.trouble)
    return {
      mark: "help",
      tone: "soft",
      word: "Not known",
      said: `It could not be read whether a webhook is registered at ${side.instance}. An event that arrives proves that there is one.`,
    };
  if (side.found === null)
    return { mark: "queued", tone: "soft", word: "Not looked yet", said: "A worker looks soon." };
  if (!ours)
    return {
      mark: "gone",
      tone: "soft",
      word: "Not registered",
      said: `${side.instance} is asked every few seconds: changes come later, and none is missed.`,
    };
  const lacking = {
    enabled: `Somebody switched it off at ${side.instance}: changes are found by polling meanwhile.`,
    events: "It leaves out events that we need, or their content: those changes come later.",
    secret: side.registeredAt
      ? "It was registered with an earlier secret: its events are refused."
      : side.signs
        ? "We cannot tell whether it was given the present secret. An event that arrives proves it."
        : "Its address does not have the present key, so its events are refused.",
  };
  if (ours.lacks === null)
    return {
      mark: "done",
      tone: "fine",
      word: "Registered",
      said: `${side.instance} tells of changes at once.`,
    };
  return worksByHand(side, ours)
    ? { mark: "done", tone: "fine", word: "Registered by hand", said: "Its events arrive." }
    : { mark: "error", tone: "warn", word: "Needs a look", said: lacking[ours.lacks] };
}

/** What secret it was given nobody tells us, but its last event was signed with the present one. */
function worksByHand(side: WebhookSide, ours: FoundWebhook): boolean {
  const { heardAt, doubted, registeredAt } = side;
  const isProven = heardAt !== null && (!doubted || doubted.at < heardAt);
  return ours.lacks === "secret" && registeredAt === null && isProven;
}

/** What a person can have done about it now. */
export function offersOf(side: WebhookSide): { want: Want; words: string }[] {
  if (!side.hasWebhooks) return [];
  if (side.wish) return [{ want: "as_it_is", words: "Leave it as it is" }];
  const ours = oursOf(side);
  const look = { want: "as_it_is", words: "Look again" } as const;
  if (!ours) return [{ want: "register", words: "Register the webhook" }, look];
  const remove = { want: "remove", words: "Remove it there" } as const;
  if (ours.lacks === null || worksByHand(side, ours)) return [look, remove];
  return [{ want: "register", words: "Put it right" }, look, remove];
}

/** What an instance said, as a sentence: without the brackets that Jira puts around its words. */
export function plainWords(message: string): string {
  const words = /"errorMessages":\s*\[((?:\s*,?\s*"(?:[^"\\]|\\.)*")+)\s*\]/.exec(message);
  const texts = words?.[1]?.match(/"(?:[^"\\]|\\.)*"/g)?.map((text) => JSON.parse(text) as string);
  const before = message.slice(0, message.indexOf("{"));
  const plain = texts ? `${before}${texts.join(" ")}` : message;
  return /[.!?]$/.test(plain.trim()) ? plain.trim() : `${plain.trim()}.`;
}

/** What to do about what an instance said; null when time mends it. */
export function adviceFor(code: string): string | null {
  const advice: Record<string, string> = {
    field_rejected:
      "Jira lets only its administrators register webhooks. Give the sync account that right for as long as this takes, or ask an administrator of Jira to enter it by hand, as described below.",
    credentials_rejected: "Enter a new access token for this instance on the Activation page.",
    credentials_unreadable:
      "Make a new secret below, then register again; or bring back the key that sealed it.",
    address_refused: "Add the instance's range to ALLOWED_ADDRESSES, and start the node again.",
    unexpected_answer:
      "Check the instance's address, and whether its plugin for webhooks is switched on.",
    write_unanswered:
      "Its answer was lost. It is looked up before anything is sent again: there will be one webhook.",
  };
  return advice[code] ?? null;
}

/** Whether events from there reach us, as far as one can tell without writing there. */
export function arrivalOf(side: WebhookSide, project: string): Told & { at: string | null } {
  const { heardAt, doubted, instance } = side;
  if (doubted && (heardAt === null || doubted.at > heardAt))
    return {
      mark: "error",
      tone: "error",
      word: "The last event was refused",
      said: `It is not proven to come from ${instance}: ${doubted.because}. Register it again, or make a new secret and enter it there.`,
      at: doubted.at,
    };
  if (heardAt)
    return { mark: "done", tone: "fine", word: "Last event", said: "It reached us.", at: heardAt };
  const ours = oursOf(side);
  if (ours?.failed)
    return {
      mark: "error",
      tone: "error",
      word: "Its events do not arrive",
      said: `${instance} counts ${count(ours.failed, "event")} that did not reach the address below. Look at the network, the proxy and the certificate between the two.`,
      at: null,
    };
  const registered = ours !== null;
  return {
    mark: "listening",
    tone: registered ? "running" : "soft",
    word: "Waiting for the first event",
    said: registered
      ? `${instance} cannot be asked for a test event: the next change of an issue proves it. Change one in ${project}, and watch here.`
      : `Once it is registered, change an issue in ${project}: the event shows here within seconds.`,
    at: null,
  };
}

/** An address that only this machine can reach is of no use to an instance elsewhere; null: it may do. */
export function reachWarning({ address, instanceUrl, instance }: WebhookSide): string | null {
  const isLocal = (url: string) =>
    /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(URL.parse(url)?.hostname ?? "");
  if (!isLocal(address) || isLocal(instanceUrl)) return null;
  return `This address is for this machine alone: ${instance} cannot reach it. Set CONSOLE_URL to the console's address as ${instance} sees it, and start the node again.`;
}

/** Whose a webhook at another address is, and what to do about it. */
export function otherWords({ whose }: FoundWebhook, instance: string): string {
  return whose === "original"
    ? `It belongs to the node that this one is a copy of. It is left alone: if ${instance} is a copy as well, remove it there, so that it does not send to the original.`
    : `It is for this connection, but posts to another address: an earlier one of this console, or a copy’s. It is left alone: remove it in ${instance} when nobody needs it.`;
}
