import type { MailServerInput } from "@/lib/mail/mail-input";

/** What people may want to be told. */
export const MAIL_KINDS = [
  "gate_closed",
  "another_node",
  "connection_stopped",
  "entries_failed",
  "backlog_grows",
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** `tls`: from the first byte. `starttls`: required before anything is said. `none`: a relay within one's own walls. */
export const MAIL_SECURITY = ["tls", "starttls", "none"] as const;
export type MailSecurity = (typeof MAIL_SECURITY)[number];

/** How mails of one kind keep their distance: what comes meanwhile is told in the next one. */
export const LEAST_MINUTES_BETWEEN = 15;

/** As people and programs see them: without the password. */
export type MailSettings = {
  isOn: boolean;
  server: Omit<MailServerInput, "password"> & { hasPassword: boolean };
  recipients: string[];
  kinds: MailKind[];
  backlogHours: number;
  /** False in a copy: they came along, and nothing is sent until they are saved here. */
  isOurs: boolean;
};

/** A mail as the page lists it. */
export type MailLine = {
  id: number;
  kind: MailKind;
  subject: string;
  madeAt: string;
  state: "waiting" | "sending" | "sent" | "failed";
  dueAt: string;
  attempts: number;
  recipients: string[];
  endedAt: string | null;
  answer: string | null;
};

/** What came of handing a mail to a server. `lost`: nobody knows whether it took it. */
export type Posted =
  | { kind: "sent"; answer: string }
  | { kind: "refused"; answer: string }
  | { kind: "lost"; answer: string };

/** A mail that nobody knows the end of is sent once more, and then says so. */
export const MOST_LOST = 1;
const GIVE_UP_AFTER = 12;
const PAUSES_MINUTES = [1, 5, 15, 60];

/** When a mail is tried again that was tried `attempts` times; null: it is given up, after about half a day. */
export function pauseMinutes(attempts: number): number | null {
  if (attempts >= GIVE_UP_AFTER) return null;
  return PAUSES_MINUTES[Math.min(attempts, PAUSES_MINUTES.length) - 1] ?? 1;
}
