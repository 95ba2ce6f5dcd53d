import type { KeptFile } from "@/e2e/simulators/jira-data-center/files";
import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";

export type UploadedFile = KeptFile & { filename: string; mimeType: string };

const CRLF = Buffer.from("\r\n");
const END_OF_HEAD = Buffer.from("\r\n\r\n");
const LONGEST_HEAD = 16 * 1024;

/**
 * The parts called `file` of a multipart body, each given to `keep` as it arrives. File names are read as raw
 * UTF-8, as Jira does, or as RFC 5987's `filename*`. A body that is no multipart is a 400.
 */
export async function readFiles(
  contentType: string,
  body: AsyncIterable<Buffer>,
  keep: (content: AsyncIterable<Buffer>) => Promise<KeptFile>,
): Promise<UploadedFile[]> {
  const [, quoted, bare] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw refusal(400, "The multipart request has no boundary.");
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const parts = reader(body);
  if (!(await parts.skipTo(delimiter))) throw refusal(400, "The multipart request has no parts.");
  const files: UploadedFile[] = [];
  for (;;) {
    if (await parts.startsWith("--")) {
      await parts.skipTo(null);
      return files;
    }
    const named = readHead(await parts.text(END_OF_HEAD));
    const content = parts.upTo(delimiter);
    if (named) files.push({ ...named, ...(await keep(content)) });
    // Other parts are ignored without a word.
    else for await (const _chunk of content);
  }
}

/** Reads on in a body, holding no more of it than a chunk and what may be the beginning of a mark. */
function reader(body: AsyncIterable<Buffer>) {
  const chunks = body[Symbol.asyncIterator]();
  // The first delimiter may stand at the very beginning, where no line ends before it.
  let held: Buffer = CRLF;
  async function more(): Promise<boolean> {
    const next = await chunks.next();
    if (next.done) return false;
    held = Buffer.concat([held, next.value]);
    return true;
  }
  async function* upTo(mark: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = held.indexOf(mark);
      const safe = at >= 0 ? at : Math.max(0, held.length - mark.length + 1);
      const ready = held.subarray(0, safe);
      held = held.subarray(at >= 0 ? at + mark.length : safe);
      if (ready.length > 0) yield ready;
      if (at >= 0) return;
      if (!(await more())) throw refusal(400, "The multipart request breaks off.");
    }
  }
  return {
    upTo,
    /** False when the body ends without it; `null` reads to the end. */
    async skipTo(mark: Buffer | null): Promise<boolean> {
      for (;;) {
        const at = mark ? held.indexOf(mark) : -1;
        if (mark && at >= 0) {
          held = held.subarray(at + mark.length);
          return true;
        }
        held = mark ? held.subarray(Math.max(0, held.length - mark.length + 1)) : Buffer.alloc(0);
        if (!(await more())) return false;
      }
    },
    async startsWith(text: string): Promise<boolean> {
      while (held.length < text.length)
        if (!(await more())) throw refusal(400, "The multipart request breaks off.");
      return held.subarray(0, text.length).toString() === text;
    },
    async text(mark: Buffer): Promise<string> {
      const read: Buffer[] = [];
      let length = 0;
      for await (const chunk of upTo(mark)) {
        length += chunk.length;
        if (length > LONGEST_HEAD) throw refusal(400, "The head of a part is too long.");
        read.push(chunk);
      }
      return Buffer.concat(read).toString("utf8");
    },
  };
}

function readHead(head: string): Pick<UploadedFile, "filename" | "mimeType"> | null {
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
  };
}
