import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { request } from "undici";
import { describe, expect } from "vitest";
import { simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { test } from "@/e2e/simulators/jira-data-center/fixture";

const MB = 1024 * 1024;
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** A multipart body of one file, made as it is sent. */
async function upload(url: string, parts: AsyncGenerator<Uint8Array>) {
  const { statusCode, body } = await request(url, {
    method: "POST",
    headers: {
      authorization: "Bearer mia-token",
      "x-atlassian-token": "no-check",
      "content-type": "multipart/form-data; boundary=xyz",
    },
    body: Readable.from(parts),
  });
  return { status: statusCode, text: () => body.text(), json: () => body.json() };
}

const text = (words: string) => Buffer.from(words);
const HEAD = text(
  '--xyz\r\nContent-Disposition: form-data; name="file"; filename="big.bin"\r\nContent-Type: a/b\r\n\r\n',
);

describe("a file that is uploaded", () => {
  test("is never whole in memory, in or out, and comes back as it was", {
    timeout: 60_000,
  }, async ({ bench: { simulator, control, mia } }) => {
    const size = 128 * MB;
    await control.settings({ attachmentLimit: size });
    const { key } = await mia.createIssue({ project: "ABC", summary: "With a file" });
    const chunk = Buffer.alloc(MB, "0123456789abcdef");
    const sent = createHash("sha256");
    let most = 0;
    const before = process.memoryUsage().arrayBuffers;
    // What is only waiting to be collected is not held.
    const look = (at: number) => {
      if (at % (16 * MB) >= MB) return;
      collectGarbage();
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    };
    async function* parts() {
      yield HEAD;
      for (let at = 0; at < size; at += MB) {
        sent.update(chunk);
        look(at);
        yield chunk;
      }
      yield text("\r\n--xyz--\r\n");
    }
    const answer = await upload(
      `${simulator.baseUrl}/rest/api/2/issue/${key}/attachments`,
      parts(),
    );
    expect(answer.status).toBe(200);
    const [attachment] = (await answer.json()) as { size: number; content: string }[];
    expect(attachment).toMatchObject({ size, filename: "big.bin", mimeType: "a/b" });

    const back = await fetch(attachment?.content ?? "", {
      headers: { authorization: "Bearer mia-token" },
    });
    expect(back.headers.get("content-length")).toBe(String(size));
    const received = createHash("sha256");
    let read = 0;
    for await (const part of back.body as unknown as AsyncIterable<Uint8Array>) {
      received.update(part);
      if (Math.floor(read / MB) !== Math.floor((read + part.length) / MB)) look(read);
      read += part.length;
    }
    expect(received.digest("hex")).toBe(sent.digest("hex"));
    expect(most).toBeLessThan(size / 2);
  });

  test("may hold whatever looks like its own frame, cut anywhere on the way", async ({
    bench: { simulator, mia },
  }) => {
    const { key } = await mia.createIssue({ project: "ABC", summary: "With a file" });
    const content = text("--xyz\r\n\r\n--xy\r\n--xY\r\n\r\nfilename=\r\n--xy");
    const other = text('\r\n--xyz\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello');
    const whole = Buffer.concat([HEAD, content, other, text("\r\n--xyz--\r\n")]);
    for (const step of [1, 7, whole.length]) {
      async function* parts() {
        for (let at = 0; at < whole.length; at += step) yield whole.subarray(at, at + step);
      }
      const answer = await upload(
        `${simulator.baseUrl}/rest/api/2/issue/${key}/attachments`,
        parts(),
      );
      const [attachment] = (await answer.json()) as { content: string }[];
      expect((await mia.download(attachment?.content ?? "")).equals(content)).toBe(true);
    }
    expect((await mia.getIssue(key)).fields.attachment).toHaveLength(3);
  });

  test.for([
    ["breaks off", [HEAD, text("half")], 400, "breaks off"],
    ["has no parts", [text("nothing of the kind")], 400, "no parts"],
    [
      "has no file in it",
      [text('--xyz\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--xyz--')],
      400,
      "part called",
    ],
  ] as const)(
    "is refused when the body %s, and nothing is left of it",
    async ([, pieces, status, said], { start, file }) => {
      const { simulator, mia } = await start({ file });
      const { key } = await mia.createIssue({ project: "ABC", summary: "With a file" });
      async function* parts() {
        yield* pieces;
      }
      const answer = await upload(
        `${simulator.baseUrl}/rest/api/2/issue/${key}/attachments`,
        parts(),
      );
      expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(said)]);
      expect(await readdir(`${file}.files`).catch(() => [])).toEqual([]);
    },
  );

  test("outlives a restart, and goes along with a clone", async ({ start, file }) => {
    const first = await start({ file });
    const { key } = await first.mia.createIssue({ project: "ABC", summary: "With a file" });
    const [kept] = await first.mia.attach(key, "a.txt", Buffer.from("kept"));
    const path = new URL(kept?.content ?? "").pathname;
    const snapshot = await first.control.snapshot();
    await first.simulator.stop();
    const second = await start({ file });
    const clone = await start({ from: snapshot });
    for (const { simulator } of [second, clone]) {
      const mia = simulatorClient(simulator.baseUrl).as("mia-token");
      const { origin } = new URL(simulator.baseUrl);
      expect((await mia.download(`${origin}${path}`)).toString()).toBe("kept");
    }
  });
});
