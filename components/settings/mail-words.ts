import type { MailKind, MailLine, MailSecurity } from "@/lib/mail/mail";

export const MAIL_KIND_WORDS: Record<MailKind, { name: string; words: string }> = {
  gate_closed: {
    name: "Sync stopped",
    words: "Each time the gate closes: who or what closed it, why, and how much waits.",
  },
  another_node: {
    name: "Another node lives with this identity",
    words: "A copy and its original both write, or did: somebody has to say which is which.",
  },
  connection_stopped: {
    name: "A connection stopped",
    words: "At once when it needs a person, after half an hour when it tries again by itself.",
  },
  entries_failed: {
    name: "Issues failed",
    words: "Counted by connection and cause, a few of them by name.",
  },
  backlog_grows: {
    name: "Nothing is sent, and more comes in",
    words: "When sync has been inactive for long while changes arrive.",
  },
};

export const SECURITY_WORDS: Record<MailSecurity, string> = {
  starttls: "STARTTLS, required (port 587)",
  tls: "TLS from the start (port 465)",
  none: "None, for a relay of your own (port 25)",
};

export const USUAL_PORTS: Record<MailSecurity, number> = { starttls: 587, tls: 465, none: 25 };

export const MAIL_STATE_WORDS: Record<
  MailLine["state"],
  { mark: "queued" | "running" | "done" | "failed"; words: string; className: string }
> = {
  waiting: { mark: "queued", words: "waits", className: "text-soft" },
  sending: { mark: "running", words: "leaves", className: "text-running-text" },
  sent: { mark: "done", words: "sent", className: "text-fine" },
  failed: { mark: "failed", words: "given up", className: "text-error-text" },
};

/** Addresses as people type them: one a line, or with commas between them. */
export function addressesIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}
