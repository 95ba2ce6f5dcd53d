import { createReadStream } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import type { Answer, Upload } from "@/e2e/simulators/jira-data-center/call";
import { keepFile } from "@/e2e/simulators/jira-data-center/files";
import { JiraError, refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import { readFiles } from "@/e2e/simulators/jira-data-center/multipart";
import { canonicalPath } from "@/e2e/simulators/jira-data-center/rest";
import type { JiraState } from "@/e2e/simulators/jira-data-center/state";

/** `path` is below the context path and canonical; `fullPath` is what the caller wrote below it, with the query. */
export type IncomingRequest = {
  method: string;
  path: string;
  fullPath: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  text: string;
  upload?: Upload | undefined;
};

const LARGEST_BODY = 10 * 1024 * 1024;

/** What a multipart body has besides its files. */
const AROUND_FILES = 64 * 1024;

/**
 * The request once its body is in, or `null` when it is not below the context path. The files of a multipart body
 * go to disk as they come; what is larger than the limit allows is read to its end and thrown away, so that Jira
 * can say so.
 */
export async function readRequest(
  message: IncomingMessage,
  contextPath: string,
  limits: Pick<JiraState, "attachmentLimit" | "filesFolder">,
): Promise<IncomingRequest | null> {
  const [pathname = "/", search = ""] = (message.url ?? "/").split(/\?(.*)/s);
  const below = pathname.slice(contextPath.length) || "/";
  const contentType = message.headers["content-type"] ?? "";
  const isUpload = contentType.startsWith("multipart/");
  const upload = isUpload ? await readUpload(message, contentType, limits) : undefined;
  // A snapshot that comes back has no limit.
  const largest = below.startsWith("/__simulator/") ? Number.POSITIVE_INFINITY : LARGEST_BODY;
  const text = isUpload ? "" : await readText(message, largest);
  if (pathname !== contextPath && !pathname.startsWith(`${contextPath}/`)) return null;
  return {
    method: message.method ?? "GET",
    path: canonicalPath(below),
    fullPath: search ? `${below}?${search}` : below,
    query: new URLSearchParams(search),
    headers: message.headers,
    text,
    upload,
  };
}

async function readText(message: IncomingMessage, largest: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) throw refusal(413, "The request is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function readUpload(
  message: IncomingMessage,
  contentType: string,
  { attachmentLimit, filesFolder }: Pick<JiraState, "attachmentLimit" | "filesFolder">,
): Promise<Upload> {
  let size = 0;
  const isTooLarge = () => size > attachmentLimit + AROUND_FILES;
  async function* within() {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (!isTooLarge()) yield chunk;
    }
  }
  const body = within();
  try {
    const files = await readFiles(contentType, body, (content) => keepFile(filesFolder, content));
    return { files, size, isTooLarge: isTooLarge(), trouble: null };
  } catch (error) {
    if (!(error instanceof JiraError)) throw error;
    // Whoever sends hears the answer when everything was read.
    for await (const _chunk of body);
    return { files: [], size, isTooLarge: isTooLarge(), trouble: error };
  }
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
  { status, json, html, xml, file, truncatedJson, headers }: Answer,
): void {
  if (response.destroyed) return;
  if (file !== undefined) {
    response.writeHead(status, headers);
    // Who went away, or a file that is gone, ends the answer in the middle.
    pipeline(createReadStream(file), response, () => undefined);
    return;
  }
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
