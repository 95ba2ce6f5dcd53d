import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";

export type UploadedFile = { filename: string; mimeType: string; content: Buffer };

const CRLF = Buffer.from("\r\n");
const END_OF_HEAD = Buffer.from("\r\n\r\n");

/**
 * The parts called `file` of a multipart body. File names are read as raw UTF-8, as Jira does, or as RFC 5987's
 * `filename*`. A body that is no multipart is a 400.
 */
export function readFiles(contentType: string, body: Buffer): UploadedFile[] {
  const [, quoted, bare] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw refusal(400, "The multipart request has no boundary.");
  const delimiter = Buffer.from(`--${boundary}`);
  const files: UploadedFile[] = [];
  let at = body.indexOf(delimiter);
  if (at < 0) throw refusal(400, "The multipart request has no parts.");
  for (;;) {
    const start = at + delimiter.length;
    if (body.subarray(start, start + 2).toString() === "--") return files;
    const next = body.indexOf(Buffer.concat([CRLF, delimiter]), start);
    const head = body.indexOf(END_OF_HEAD, start);
    if (next < 0 || head < 0 || head > next)
      throw refusal(400, "The multipart request breaks off.");
    const file = readPart(
      body.subarray(start + 2, head).toString("utf8"),
      body.subarray(head + END_OF_HEAD.length, next),
    );
    if (file) files.push(file);
    at = next + CRLF.length;
  }
}

/** Other parts are ignored without a word. */
function readPart(head: string, content: Buffer): UploadedFile | null {
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? "";
  if (/[;\s]name="?([^";]*)"?/i.exec(disposition)?.[1] !== "file") return null;
  const encoded = /filename\*=(?:utf-8|UTF-8)''([^;\s]+)/.exec(disposition)?.[1];
  const plain = /filename="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1]?.replace(/\\(.)/g, "$1");
  const filename = encoded === undefined ? plain : decodeURIComponent(encoded);
  if (!filename) return null;
  const mimeType = /^content-type:\s*([^\r\n]+)/im.exec(head)?.[1]?.trim();
  return {
    filename: filename.replace(/^.*[\\/]/, ""),
    mimeType: mimeType ?? "application/octet-stream",
    // A copy, so that the rest of the request can be forgotten.
    content: Buffer.from(content),
  };
}
