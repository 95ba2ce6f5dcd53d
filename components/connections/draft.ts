import { z } from "zod";
import type { ConnectionPage, SidePage } from "@/lib/connections/connection-page";
import { FIRST_MEETINGS, mappingSchema, POLICIES } from "@/lib/sync/mapping-schema";

const side = z.object({
  instance: z.number().nullable().default(null),
  project: z.string().default(""),
  issueType: z.string().default(""),
  trigger: z.string().default(""),
});

const draft = z.object({
  local: side.prefault({}),
  remote: side.prefault({}),
  mapping: mappingSchema.nullable().default(null),
  policy: z.enum(POLICIES).default("hold"),
  firstMeeting: z.enum(FIRST_MEETINGS).default("hold"),
  name: z.string().default(""),
});

/** What has been chosen so far. Access tokens are never part of it. */
export type Draft = z.infer<typeof draft>;
export type SideDraft = Draft["local"];

export const EMPTY_DRAFT: Draft = draft.parse({});

/** A draft as it was kept; an empty one for what is not of its shape (a newer version, another page's). */
export function parseDraft(text: string | null): Draft {
  if (!text) return EMPTY_DRAFT;
  try {
    return draft.catch(EMPTY_DRAFT).parse(JSON.parse(text));
  } catch {
    return EMPTY_DRAFT;
  }
}

/** A draft that begins as a duplicate of a connection: everything but its name. */
export function likeConnection({
  local,
  remote,
  mapping,
  policy,
  firstMeeting,
}: ConnectionPage): Draft {
  const sideOf = ({ instance, project, issueType, trigger }: SidePage): SideDraft => ({
    instance: instance.id,
    project,
    issueType,
    trigger: trigger ?? "",
  });
  return {
    ...EMPTY_DRAFT,
    local: sideOf(local),
    remote: sideOf(remote),
    mapping,
    policy,
    firstMeeting,
  };
}

/** A name for an instance, from what it calls itself or else its address. */
export function nameFor(title: string | null, baseUrl: string, taken: readonly string[]): string {
  const host = URL.parse(baseUrl)?.host ?? baseUrl;
  const wanted = (title || host).slice(0, 70);
  if (!taken.includes(wanted)) return wanted;
  for (let number = 2; ; number++)
    if (!taken.includes(`${wanted} ${number}`)) return `${wanted} ${number}`;
}
