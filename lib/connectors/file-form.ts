import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import type { FileStream, FileToSend } from "@/lib/connectors/connector";

export type Form = {
  /** Of the whole body, in bytes. */
  size: number;
  headers: Record<string, string>;
  body: Readable;
};

/** A form with one file in it. Its length is known beforehand, so that nobody has to keep the file to count it. */
export function formOf(part: string, file: FileToSend, source: FileStream): Form {
  const boundary = `form-${randomUUID()}`;
  // File names are sent as raw UTF-8, as browsers and Jira's own clients do.
  const name = file.name.replace(/["\r\n\\]/g, "_");
  const head = Buffer.from(
    `--${boundary}\r\ncontent-disposition: form-data; name="${part}"; filename="${name}"\r\n` +
      `content-type: ${file.mimeType ?? "application/octet-stream"}\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const size = head.length + (source.size ?? file.size) + tail.length;
  async function* body() {
    yield head;
    yield* source.chunks;
    yield tail;
  }
  return formed(size, `multipart/form-data; boundary=${boundary}`, body());
}

/** A file as the whole body of a call. */
export function bodyOf(file: FileToSend, source: FileStream): Form {
  return formed(source.size ?? file.size, "application/octet-stream", source.chunks);
}

function formed(size: number, type: string, chunks: AsyncIterable<Uint8Array>): Form {
  const body = Readable.from(chunks, { objectMode: false });
  // The request says what went wrong; the stream must not say it a second time, to nobody.
  body.on("error", () => undefined);
  return { size, headers: { "content-type": type, "content-length": String(size) }, body };
}
