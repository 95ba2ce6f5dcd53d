import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Answer, Call } from "@/e2e/simulators/jira-data-center/call";
import { type JiraError, refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import { canonicalPath } from "@/e2e/simulators/jira-data-center/rest";

/** `path` is below the context path and canonical; `fullPath` is what the caller wrote below it, with the query. */
export type IncomingRequest = {
  method: string;
  path: string;
  fullPath: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  text: string;
  upload?: Call["upload"];
};

const LARGEST_BODY = 10 * 1024 * 1024;

/** What a multipart body has besides its files. */
const AROUND_FILES = 64 * 1024;

/**
 * The request once its body is in, or `null` when it is not below the context path. A multipart body is read until
 * it is larger than the `uploadLimit` allows and then no further, so that Jira can say so.
 */
export async function readRequest(
  message: IncomingMessage,
  contextPath: string,
  uploadLimit: number,
): Promise<IncomingRequest | null> {
  const [pathname = "/", search = ""] = (message.url ?? "/").split(/\?(.*)/s);
  const below = pathname.slice(contextPath.length) || "/";
  const chunks: Buffer[] = [];
  let size = 0;
  const contentType = message.headers["content-type"] ?? "";
  const isUpload = contentType.startsWith("multipart/");
  let isTooLarge = false;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (isUpload) {
      isTooLarge ||= size > uploadLimit + AROUND_FILES;
      if (isTooLarge) chunks.length = 0;
      else chunks.push(chunk);
      continue;
    }
    // A snapshot that comes back has no limit.
    if (size > LARGEST_BODY && !below.startsWith("/__simulator/")) {
      throw refusal(413, "The request is too large.");
    }
    chunks.push(chunk);
  }
  if (pathname !== contextPath && !pathname.startsWith(`${contextPath}/`)) return null;
  const content = Buffer.concat(chunks);
  return {
    method: message.method ?? "GET",
    path: canonicalPath(below),
    fullPath: search ? `${below}?${search}` : below,
    query: new URLSearchParams(search),
    headers: message.headers,
    text: isUpload ? "" : content.toString("utf8"),
    upload: isUpload ? { contentType, content, isTooLarge } : undefined,
  };
}

/** JSON; without a body nothing, whatever the content type says: some clients send one with DELETE. */
export function parsedBody({ text, headers, method }: IncomingRequest): {
  value: unknown;
  refusal?: JiraError;
} {
  if (text === "") return { value: undefined };
  const isJson = (headers["content-type"] ?? "application/json").includes("json");
  if (!isJson && (method === "POST" || method === "PUT")) {
    return { value: text, refusal: refusal(415, "HTTP 415 Unsupported Media Type") };
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return {
      value: text,
      refusal: refusal(400, "Unexpected character: expected a valid JSON value"),
    };
  }
}

export function send(
  response: ServerResponse,
  { status, json, html, xml, content: bytes, truncatedJson, headers }: Answer,
): void {
  if (response.destroyed) return;
  const content = bytes ?? truncatedJson ?? html ?? xml ?? JSON.stringify(json);
  response.writeHead(status, {
    ...(content === undefined ? {} : { "Content-Type": `${mediaType()};charset=UTF-8` }),
    ...headers,
  });
  response.end(content);

  function mediaType(): string {
    if (html !== undefined) return "text/html";
    return xml === undefined ? "application/json" : "application/xml";
  }
}
