import type { z } from "zod";
import { malformed, problem, unstorable } from "@/lib/api/problem";
import { unstorableAt } from "@/lib/api/storable";

const LARGEST_BODY_BYTES = 1_000_000;

/** A request's JSON by its schema, or the answer to give instead. No body counts as an empty object. */
export async function readBody<Body>(
  request: Request,
  schema: z.ZodType<Body>,
): Promise<{ body: Body } | Response> {
  const text = await readText(request);
  if (text === null) return problem(413, "At most 1 MB is read.");
  if (text !== "" && !isJson(request.headers.get("content-type")))
    return problem(415, "Send Content-Type: application/json.");
  let raw: unknown;
  try {
    raw = text === "" ? {} : JSON.parse(text);
  } catch {
    return problem(400, "The body is not valid JSON.");
  }
  const bad = unstorableAt(raw);
  if (bad !== null) return unstorable(bad);
  const parsed = schema.safeParse(raw);
  return parsed.success ? { body: parsed.data } : malformed(parsed.error);
}

function isJson(contentType: string | null): boolean {
  return /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType ?? "");
}

/** Stops at the limit instead of believing `Content-Length`; null for what is larger. */
async function readText(request: Request): Promise<string | null> {
  if (Number(request.headers.get("content-length") ?? 0) > LARGEST_BODY_BYTES) return null;
  if (!request.body) return "";
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > LARGEST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
