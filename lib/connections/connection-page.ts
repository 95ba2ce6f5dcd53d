import type { Mapping } from "@/lib/sync/mapping-schema";
import type { FirstMeeting, Policy } from "@/lib/sync/policies";

export type SidePage = {
  instance: { id: number; name: string; kind: string; baseUrl: string };
  /** The markup of the instance's texts, and those to choose from; null where there is none to choose. */
  textFormat: { now: string; choices: string[] } | null;
  project: string;
  issueType: string;
  trigger: string | null;
  /** Where the instance's webhook posts to, and the last event that came from there. */
  webhookUrl: string;
  lastWebhookAt: string | null;
  polledAt: string | null;
  /** Issues that exist already are being brought in: since when, and by whose wish. */
  bringingIn: { at: string; by: string } | null;
  /** Updates there are to cause no mails; `canBeQuiet`: the instance can be asked for that at all. */
  quiet: boolean;
  canBeQuiet: boolean;
  /** Since when the instance refuses that, and what it said. */
  mailsRefused: { at: string; said: string } | null;
};

/** One connection, with everything that was agreed. */
export type ConnectionPage = {
  id: number;
  name: string;
  createdAt: string;
  local: SidePage;
  remote: SidePage;
  mapping: Mapping;
  policy: Policy;
  firstMeeting: FirstMeeting;
  concurrency: number;
  /** Raised by each change of what was agreed; a change names the version that was shown. */
  agreedVersion: number;
  /** Halted by a person, until a moment or until somebody resumes it. */
  paused: { at: string; by: string; reason: string | null; until: string | null } | null;
  error: { code: string; message: string; at: string | null; retryAt: string | null } | null;
  heldSides: string[];
  pairs: number;
  waiting: number;
  /** Issues of its pairs that count as deleted at one side. Nothing was deleted for them. */
  deleted: number;
  sweep: { done: number; endedAt: string | null };
};
