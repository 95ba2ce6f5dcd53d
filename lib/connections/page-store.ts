import { z } from "zod";
import type { ConnectionPage, SidePage } from "@/lib/connections/connection-page";
import { mailsRefusedAt } from "@/lib/connections/quiet-store";
import { textFormatOf } from "@/lib/connections/text-format-store";
import { connectorFor } from "@/lib/connectors/registry";
import type { Db } from "@/lib/db/database";
import { mappingSchema } from "@/lib/sync/mapping-schema";
import { FIRST_MEETINGS, POLICIES } from "@/lib/sync/policies";

/** Beyond this a number says "many": counting it exactly would cost more than it tells. */
const MOST_COUNTED = 10_001;

const settingsSchema = z.object({
  project: z.coerce.string(),
  issueType: z.coerce.string().default(""),
  trigger: z.string().nullish(),
  quiet: z.boolean().default(false),
});

/** One connection with everything that was agreed; null when there is none. */
export async function readConnectionPage(
  db: Db,
  id: number,
  consoleUrl: string,
): Promise<ConnectionPage | null> {
  const connection = await db.connection.findUnique({
    where: { id },
    include: { localInstance: true, remoteInstance: true, watermarks: true },
  });
  if (!connection) return null;
  const pairs = await db.pair.count({ where: { connectionId: id }, take: MOST_COUNTED });
  const waiting = await db.queueEntry.count({ where: { connectionId: id }, take: MOST_COUNTED });
  const deleted = await db.goneIssue.count({
    where: { pair: { connectionId: id }, deletedAt: { not: null } },
    take: MOST_COUNTED,
  });
  const done = connection.sweepBeganAt
    ? await db.pair.count({
        where: { connectionId: id, sweptAt: { gte: connection.sweepBeganAt } },
        take: MOST_COUNTED,
      })
    : 0;
  const side = async (which: "local" | "remote"): Promise<SidePage> => {
    const { id: instance, name, kind, baseUrl, settings: chosen } = connection[`${which}Instance`];
    const textFormat = textFormatOf({ kind, settings: chosen });
    const settings = settingsSchema.parse(connection[`${which}Settings`]);
    const heard = await db.change.findFirst({
      where: { connectionId: id, side: which, via: "webhook" },
      orderBy: { id: "desc" },
      select: { at: true },
    });
    const poll = connection.watermarks.find((mark) => mark.side === which);
    return {
      instance: { id: instance, name, kind, baseUrl },
      textFormat:
        textFormat === null
          ? null
          : { now: textFormat, choices: [...(connectorFor(kind).textFormats ?? [])] },
      ...settings,
      trigger: settings.trigger ?? null,
      webhookUrl: `${consoleUrl}/api/webhooks/${id}?side=${which}`,
      lastWebhookAt: heard?.at.toISOString() ?? null,
      polledAt: poll?.polledAt?.toISOString() ?? null,
      bringingIn: poll?.existingWishedAt
        ? { at: poll.existingWishedAt.toISOString(), by: poll.existingWishedBy ?? "" }
        : null,
      canBeQuiet: connectorFor(kind).can.quietUpdates,
      mailsRefused: mailsRefusedAt(connection.mailsRefused, which),
    };
  };
  const { errorCode, errorMessage, errorAt, retryAt } = connection;
  return {
    id,
    name: connection.name,
    createdAt: connection.createdAt.toISOString(),
    local: await side("local"),
    remote: await side("remote"),
    mapping: mappingSchema.parse(connection.mapping),
    policy: z.enum(POLICIES).parse(connection.policy),
    firstMeeting: z.enum(FIRST_MEETINGS).parse(connection.firstMeeting),
    concurrency: connection.concurrency,
    agreedVersion: connection.agreedVersion,
    paused: connection.pausedAt
      ? {
          at: connection.pausedAt.toISOString(),
          by: connection.pausedBy ?? "",
          reason: connection.pausedReason,
          until: connection.pausedUntil?.toISOString() ?? null,
        }
      : null,
    error: errorCode
      ? {
          code: errorCode,
          message: errorMessage ?? "",
          at: errorAt?.toISOString() ?? null,
          retryAt: retryAt?.toISOString() ?? null,
        }
      : null,
    heldSides: connection.heldSides,
    pairs,
    waiting,
    deleted,
    sweep: { done, endedAt: connection.sweepEndedAt?.toISOString() ?? null },
  };
}
