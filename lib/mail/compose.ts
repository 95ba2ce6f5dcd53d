import type { VerdictKind } from "@/lib/identity/verdict";
import type { Notice } from "@/lib/mail/notice";

/** Who sends: as it is known when the mail leaves. */
export type MailNode = {
  label: string | null;
  consoleUrl: string;
  /** A verdict that nobody has settled: this may be a copy of the node that is called so. */
  doubt: { kind: VerdictKind; sentence: string } | null;
};

export type Composed = { subject: string; body: string };

const MOST_LINES = 50;

const DOUBTS: Record<VerdictKind, string> = {
  first_start: "not decided who it is",
  restart: "not decided who it is",
  database_moved: "database moved? not decided",
  restored: "restored from a backup? not decided",
  moved_or_copy: "moved or a copy? not decided",
};

/** One mail from things of one kind, oldest first, with the page of the console where each is mended. */
export function composeMail(notices: readonly Notice[], consoleUrl: string): Composed {
  const shown = notices.slice(0, MOST_LINES).map((notice) => lineOf(notice, consoleUrl));
  const more = notices.length - shown.length;
  return {
    subject: subjectOf(notices),
    body: [...shown, ...(more > 0 ? [`And ${more} more.`] : [])].join("\n\n"),
  };
}

/** What is added when it leaves: who sends it, whether that is in doubt, and whether it may have come before. */
export function addressed(
  { subject, body }: Composed,
  node: MailNode,
  mayHaveCome: boolean,
): Composed {
  const label = node.label ?? "Exalate";
  const name = node.doubt ? `${label}? ${DOUBTS[node.doubt.kind]}` : label;
  return {
    subject: `[${name}] ${subject}`,
    body: [
      ...(mayHaveCome
        ? [
            "This mail may have come to you before: its sending was cut off, and nobody knows whether the server had taken it.",
          ]
        : []),
      ...(node.doubt
        ? [
            `${node.doubt.sentence} Nobody has decided yet whether this is the same node or a copy of it, so what follows may be told by a copy. Decide: ${node.consoleUrl}/activation`,
          ]
        : []),
      body,
      `-- \nThe Exalate console ${node.label ? `${node.label}, ` : ""}${node.consoleUrl}\nWho is told what: ${node.consoleUrl}/settings/mail`,
    ].join("\n\n"),
  };
}

function subjectOf(notices: readonly Notice[]): string {
  const [first] = notices;
  if (!first) throw new Error("a mail tells at least one thing");
  const several = notices.length > 1;
  switch (first.kind) {
    case "gate_closed":
      return several
        ? `Synchronisation stopped ${notices.length} times`
        : "Synchronisation stopped";
    case "another_node":
      return "Another node with this node's identity is alive";
    case "connection_stopped":
      return several
        ? `${notices.length} connections stopped`
        : `Connection ${first.detail.name} stopped`;
    case "entries_failed": {
      const issues = notices.reduce(
        (sum, notice) => sum + (notice.kind === "entries_failed" ? notice.detail.issues : 0),
        0,
      );
      return `${number(issues)} ${issues === 1 ? "issue" : "issues"} failed to synchronise`;
    }
    case "backlog_grows":
      return `Nothing is sent, and ${number(first.detail.waiting)} ${first.detail.waiting === 1 ? "issue waits" : "issues wait"}`;
  }
}

function lineOf(notice: Notice, consoleUrl: string): string {
  switch (notice.kind) {
    case "gate_closed": {
      const { at, by, reason, waiting } = notice.detail;
      return [
        `Sync stopped at ${moment(at)}${by ? `, by ${by}` : ""}: ${ended(reason ?? "no reason was given")}`,
        `Nothing is sent until somebody activates it. ${number(waiting)} ${waiting === 1 ? "issue waits" : "issues wait"}.`,
        `${consoleUrl}/activation`,
      ].join("\n");
    }
    case "another_node": {
      const { instance, project, how } = notice.detail;
      const words = {
        alive: "another node with this node's identity shows that it lives",
        contested: "this node and another one with its identity both showed that they live",
        newer: "another node with this node's identity was there after this one",
      }[how];
      return `At ${instance}, in ${project}, ${words}. Nothing is written there until that is settled.\n${consoleUrl}/activation`;
    }
    case "connection_stopped": {
      const { id, name, code, message, waitsForPerson } = notice.detail;
      return [
        `${name} stopped: ${ended(message)}`,
        waitsForPerson
          ? "It waits for a person."
          : "It is tried again by itself, without success for half an hour by now.",
        `What helps: ${consoleUrl}/help/errors/${code}`,
        `${consoleUrl}/connections/${id}`,
      ].join("\n");
    }
    case "entries_failed": {
      const { connectionId, connection, code, issues, keys } = notice.detail;
      const named = keys.join(", ");
      return [
        `${connection}: ${number(issues)} ${issues === 1 ? "issue" : "issues"} with ${code}${named ? ` (${named}${issues > keys.length ? ", …" : ""})` : ""}.`,
        `${consoleUrl}/sync-queue?connection=${connectionId}&state=failed`,
        `What helps: ${consoleUrl}/help/errors/${code}`,
      ].join("\n");
    }
    case "backlog_grows": {
      const { since, waiting, arrived } = notice.detail;
      return [
        `Nothing has been sent since ${moment(since)}. ${number(waiting)} ${waiting === 1 ? "issue waits" : "issues wait"}, ${number(arrived)} of them since then.`,
        `${consoleUrl}/activation`,
      ].join("\n");
    }
  }
}

const CAP = 10_000;
const format = new Intl.NumberFormat("en-GB");

/** Counts stop at the cap. */
function number(amount: number): string {
  return amount > CAP ? `more than ${format.format(CAP)}` : format.format(amount);
}

/** In one zone for all who read it. */
function moment(iso: string): string {
  return `${new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" }).format(new Date(iso))} UTC`;
}

function ended(text: string): string {
  return `${text.trim().replace(/\.$/, "")}.`;
}
