import { z } from "zod";
import { SealError } from "@/lib/access/seal";
import { doubtOf, KEY_PARAMETER } from "@/lib/access/webhook-secret";
import { json, problem } from "@/lib/api/problem";
import { pathId } from "@/lib/api/schemas";
import { countForeignEvent, isForeign } from "@/lib/connections/foreign-event-store";
import { noteArrival } from "@/lib/connections/webhook-arrival-store";
import { webhookSettings } from "@/lib/connections/webhook-settings";
import { database, pool } from "@/lib/db/database";
import { notifySoon } from "@/lib/db/notify";
import { log } from "@/lib/log";
import { recordChange } from "@/lib/sync-queue/detection-store";

const LARGEST_BODY_BYTES = 5_000_000;
const sides = z.enum(["local", "remote"]);

type Context = { params: Promise<{ connection: string }> };

/**
 * A hint from an instance that an issue changed. Signed over the raw body, or sent to an address with its
 * key, else refused; answered when it is durably noted, in one round trip; never acted on by what it says:
 * the issue is read back.
 */
export async function POST(request: Request, context: Context): Promise<Response> {
  const connectionId = pathId((await context.params).connection);
  const query = new URL(request.url).searchParams;
  const side = sides.safeParse(query.get("side") ?? "local");
  if (!side.success) return problem(400, "`side` is local or remote.");
  try {
    const settings =
      connectionId === null ? null : await webhookSettings(database(), connectionId, side.data);
    if (connectionId === null || !settings) return problem(404, "There is no such connection.");

    const body = await readCapped(request);
    if (!body) return problem(413, "At most 5 MB is read.");
    const came = { connectionId, side: side.data };
    const doubt = doubtOf(body, settings.secret, {
      signature: request.headers.get("x-hub-signature"),
      key: query.get(KEY_PARAMETER),
    });
    if (doubt) {
      noteArrival(pool(), { ...came, doubt });
      return problem(
        401,
        `This is not proven to come from the instance: ${doubt}. Set the webhook's secret to the connection's; a Jira before 10 needs the address with its key.`,
      );
    }
    noteArrival(pool(), { ...came, doubt: null });
    if (body.length === 0)
      return problem(400, "The body is empty: the webhook must not exclude it.");

    const hint = settings.connector.parseWebhook(JSON.parse(body.toString("utf8")));
    if (!hint) return json({ result: "ignored" }, 202);
    const { base, ...change } = hint;
    if (base && isForeign(base, settings.reported))
      await countForeignEvent(pool(), { ...came, base });
    const result = await recordChange(pool(), { ...change, ...came, via: "webhook" });
    if (result !== "known") {
      // Outside the statement above: commits that notify queue up behind each other.
      notifySoon(pool(), "sync_wake");
      notifySoon(pool(), "sync_changed");
    }
    return json({ result });
  } catch (error) {
    if (error instanceof SyntaxError) return problem(400, "The body is not valid JSON.");
    if (error instanceof z.ZodError) return problem(422, z.prettifyError(error));
    if (error instanceof SealError) {
      log.warn("a webhook could not be checked", {
        connection: connectionId,
        error: error.message,
      });
      return problem(
        503,
        "This node cannot open the secret of this connection's webhooks. It has to be renewed: POST /api/v1/connections/<id>/webhook-secrets. Polling finds the change.",
      );
    }
    log.error("a webhook could not be noted", { connection: connectionId, error: String(error) });
    return problem(503, "This could not be noted just now. Polling will find the change.");
  }
}

/** The bytes as they came, which the signature is over; null for too many, whatever their announced length. */
async function readCapped(request: Request): Promise<Buffer | null> {
  if (Number(request.headers.get("content-length") ?? 0) > LARGEST_BODY_BYTES) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > LARGEST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
