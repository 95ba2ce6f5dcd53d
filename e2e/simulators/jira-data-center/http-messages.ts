import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "@/e2e/simulators/jira-data-center/call";
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
};

const LARGEST_BODY = 10 * 1024 * 1024;

/** The request once its body is in, or `null` when it is not below the context path. */
export async function readRequest(
  message: IncomingMessage,
  contextPath: string,
): Promise<IncomingRequest | null> {
  const [pathname = "/", search = ""] = (message.url ?? "/").split(/\?(.*)/s);
  const below = pathname.slice(contextPath.length) || "/";
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    // A snapshot that comes back has no limit.
    if (size > LARGEST_BODY && !below.startsWith("/__simulator/")) {
      throw refusal(413, "The request is too large.");
    }
    chunks.push(chunk);
  }
  if (pathname !== contextPath && !pathname.startsWith(`${contextPath}/`)) return null;
  return {
    method: message.method ?? "GET",
    path: canonicalPath(below),
    fullPath: search ? `${below}?${search}` : below,
    query: new URLSearchParams(search),
    headers: message.headers,
    text: Buffer.concat(chunks).toString("utf8"),
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
  { status, json, html, xml, truncatedJson, headers }: Answer,
): void {
  if (response.destroyed) return;
  const content = truncatedJson ?? html ?? xml ?? JSON.stringify(json);
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
