import type { WebhookActions } from "@/components/connections/webhook-actions";
import type {
  Compared,
  FirstPlans,
  KnownInstance,
  ProjectChoice,
  Tried,
  Triggered,
} from "@/lib/connections/setup";
import type { Mapping } from "@/lib/sync/mapping-schema";
import type { Side } from "@/lib/sync/plan-types";
import type { FirstMeeting, Policy } from "@/lib/sync/policies";

export type Answer<T> = { ok: true; value: T } | { ok: false; message: string };

export type InstanceDraft = {
  kind: string;
  name: string;
  baseUrl: string;
  token: string;
  textFormat?: TextFormat | undefined;
};
type TextFormat = "textile" | "markdown";
/** A kind of instance, with the markups of its texts where one is to be chosen. */
export type InstanceKind = { kind: string; name: string; textFormats: string[] };
export type Place = {
  instance: number;
  project: string;
  issueType: string;
  trigger?: string | undefined;
};
export type Places = Record<Side, Place>;
export type Agreement = { mapping: Mapping; policy: Policy; firstMeeting: FirstMeeting };

/** What the set-up of a connection asks of the server. */
export type SetupActions = {
  tryInstance: (input: InstanceDraft) => Promise<Answer<Tried>>;
  addInstance: (input: InstanceDraft) => Promise<Answer<KnownInstance>>;
  readProjects: (input: { instance: number }) => Promise<Answer<ProjectChoice[]>>;
  readTypes: (input: { instance: number; project: string }) => Promise<Answer<string[]>>;
  compareSides: (input: Places) => Promise<Answer<Compared>>;
  tryTrigger: (input: { places: Places; side: Side }) => Promise<Answer<Triggered>>;
  planFirst: (input: Agreement & { places: Places }) => Promise<Answer<FirstPlans>>;
  createConnection: (
    input: Agreement & { name: string; local: Place; remote: Place; bringInExisting: boolean },
  ) => Promise<Answer<{ id: number }>>;
  webhooks: WebhookActions;
};

/** The server's answer, or a sentence when there was none. */
export async function heard<T>(asked: Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await asked;
  } catch {
    return {
      ok: false,
      message: "The console did not answer. What you typed is still here: try again.",
    };
  }
}
