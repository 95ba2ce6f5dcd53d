import { count } from "@/components/ui/words";
import type { MailEstimate } from "@/lib/sync/mails";

/** Who gets mail for what is written to an instance, in a sentence. */
export function mailWords(estimate: MailEstimate, instance: string): string {
  if ("unknown" in estimate)
    return estimate.unknown === "new_issue"
      ? `How many people get mail cannot be known, because ${instance} decides for each project who is told of a new issue.`
      : `How many people get mail cannot be known, because ${instance} does not say who is told of an issue.`;
  const { people, writes } = estimate;
  if (writes === 0) return `${instance} is asked to send no mail for it.`;
  if (people === 0)
    return `Nobody is known to get mail: no assignee, reporter or watcher but our own account.`;
  const each = writes === 1 ? "" : ` for each of ${count(writes, "write")}`;
  return `At least ${people === 1 ? "1 person gets" : `${people} people get`} mail${each}, as assignee, reporter or watcher.`;
}

/** The same over everything that would be sent; null where there is nothing to say. */
export function mailTotalWords({
  mails,
  mailsUnknown,
}: {
  mails: number;
  mailsUnknown: number;
}): string | null {
  if (mails === 0 && mailsUnknown === 0) return null;
  const known = mails > 0 ? `The instances send people there at least ${count(mails, "mail")}` : "";
  const unknown =
    mailsUnknown > 0 ? `for ${count(mailsUnknown, "issue")} it cannot be known how many` : "";
  if (!known) return `The instances may send people there mail; ${unknown}.`;
  return unknown ? `${known}; ${unknown}.` : `${known}.`;
}
