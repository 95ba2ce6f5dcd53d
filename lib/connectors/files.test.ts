import { createHash } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Dispatcher } from "undici";
import { test as base, describe, expect } from "vitest";
import { z } from "zod";
import { parseRanges } from "@/lib/connectors/address-guard";
import type { FileStream, FileToSend } from "@/lib/connectors/connector";
import { openHttp } from "@/lib/connectors/http";
import { openNetwork } from "@/lib/connectors/network";
import { openTicket } from "@/lib/testing/ticket";

type Fixtures = {
  serve: (listener: RequestListener) => Promise<string>;
  network: Dispatcher;
  reach: (url: string) => ReturnType<typeof openHttp>;
};

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  serve: async ({}, use) => {
    const stops: (() => void)[] = [];
    await use(async (listener) => {
      const server = createServer(listener);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      stops.push(() => {
        server.closeAllConnections();
        server.close();
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    for (const stop of stops) stop();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  network: async ({}, use) => {
    const network = openNetwork(parseRanges("127.0.0.0/8"));
    await use(network);
    await network.destroy();
  },
  reach: async ({ network }, use) => {
    await use((baseUrl) =>
      openHttp(network, {
        instance: "Acme",
        baseUrl,
        authorization: "Bearer secret",
        refuses: () => null,
        writeTimeoutMs: 5_000,
      }),
    );
  },
});

const created = z.object({ id: z.string() });
const target = {
  method: "POST",
  path: "/upload",
  headers: { "x-check": "no" },
  part: "file",
} as const;
const CHUNK = Buffer.alloc(1_000_000, "0123456789");

/** Answers once the whole form is here, with the digest of what stands between its boundaries. */
const takesForms: RequestListener = async (request, response) => {
  const hash = createHash("sha256");
  const boundary = /boundary=(.+)$/.exec(request.headers["content-type"] ?? "")?.[1] ?? "";
  let [head, rest] = [Buffer.alloc(0), Buffer.alloc(0)];
  const tail = `\r\n--${boundary}--\r\n`.length;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    if (head.length === 0) {
      const end = rest.indexOf("\r\n\r\n");
      if (end < 0) continue;
      head = rest.subarray(0, end);
      rest = rest.subarray(end + 4);
    }
    hash.update(rest.subarray(0, Math.max(0, rest.length - tail)));
    rest = rest.subarray(Math.max(0, rest.length - tail));
  }
  response.end(JSON.stringify({ id: `${hash.digest("hex")} ${head.toString("utf8")}` }));
};

function file(source: FileStream | Error, more: Partial<FileToSend> = {}): FileToSend {
  return {
    name: "Übersicht.txt",
    size: 10,
    mimeType: "text/plain",
    async open() {
      if (source instanceof Error) throw source;
      return source;
    },
    ...more,
  };
}

function streamOf(...chunks: (string | Error)[]): FileStream & { isCancelled: boolean } {
  const size = chunks.reduce((sum, each) => sum + (each instanceof Error ? 0 : each.length), 0);
  const stream = {
    size,
    isCancelled: false,
    cancel() {
      stream.isCancelled = true;
    },
    chunks: (async function* () {
      for (const chunk of chunks) {
        if (chunk instanceof Error) throw chunk;
        yield Buffer.from(chunk);
      }
    })(),
  };
  return stream;
}

describe("a file on its way from one instance to another", () => {
  test("of 240 MB arrives whole, and is never whole in memory", async ({ serve, reach }) => {
    const hash = createHash("sha256");
    for (let chunk = 0; chunk < 240; chunk++) hash.update(CHUNK);
    const source = reach(
      await serve(async (_request, response) => {
        response.writeHead(200, { "content-length": 240 * CHUNK.length });
        for (let chunk = 0; chunk < 240; chunk++)
          if (!response.write(CHUNK))
            await new Promise((resolve) => response.once("drain", resolve));
        response.end();
      }),
    );
    const there = reach(await serve(takesForms));
    const ticket = openTicket();
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }, 5);
    const sent = await there.upload(
      ticket,
      created,
      target,
      file(new Error("replaced below"), {
        size: 240 * CHUNK.length,
        async open() {
          const stream = await source.stream("/file");
          if (!stream) throw new Error("nothing there");
          return stream;
        },
      }),
    );
    clearInterval(watch);
    const id = sent.kind === "applied" ? (sent.created.id ?? "") : "";
    expect(id).toContain(hash.digest("hex"));
    expect(id).toContain('name="file"; filename="Übersicht.txt"');
    expect(most).toBeLessThan(120_000_000);
    expect(ticket.settled).toMatchObject([{ outcome: "applied" }]);
  });

  test("has time to arrive in proportion to its size", async ({ serve, reach }) => {
    const ticket = openTicket();
    const there = reach(await serve(takesForms));
    await there.upload(ticket, created, target, file(streamOf("0123456789")));
    const large = file({ ...streamOf("x"), size: null }, { size: 640_000_000 });
    await there.upload(ticket, created, target, large);
    const [short, long] = ticket.asked.map(({ lifeMs }) => lifeMs);
    expect((long ?? 0) - (short ?? 0)).toBeGreaterThan(9_900_000);
  });

  test("that cannot be opened asks for no permit", async ({ serve, reach }) => {
    const ticket = openTicket();
    const there = reach(await serve(takesForms));
    const source = reach(await serve((_request, response) => response.writeHead(503).end()));
    const sent = await there.upload(
      ticket,
      created,
      target,
      file(new Error("replaced below"), {
        open: async () => (await source.stream("/file")) ?? streamOf(""),
      }),
    );
    expect(sent).toMatchObject({ kind: "failed", error: { code: "instance_failing" } });
    expect(ticket.asked).toEqual([]);
  });

  test("that breaks on the way may have arrived: nobody says that it failed", async ({
    serve,
    reach,
  }) => {
    const ticket = openTicket();
    const source = streamOf("01234", new Error("the source's connection broke"));
    const there = reach(await serve(takesForms));
    const sent = await there.upload(ticket, created, target, file({ ...source, size: 10 }));
    expect(sent).toMatchObject({ kind: "failed", error: { code: "write_unanswered" } });
    expect(ticket.settled).toMatchObject([{ outcome: "unknown" }]);
  });

  test("is left alone when its permit is refused", async ({ serve, reach }) => {
    const source = streamOf("0123456789");
    const there = reach(await serve(takesForms));
    const ticket = { ...openTicket(), request: async () => ({ refused: "the gate is inactive" }) };
    const sent = await there.upload(ticket, created, target, file(source));
    expect(sent).toEqual({ kind: "refused", because: "the gate is inactive" });
    expect((await source.chunks[Symbol.asyncIterator]().next()).value?.toString()).toBe(
      "0123456789",
    );
  });

  test("that is too large for the instance is told so", async ({ serve, reach }) => {
    const there = reach(
      await serve(async (request, response) => {
        request.resume();
        await pause(1);
        response.writeHead(413).end("too large");
      }),
    );
    const sent = await there.upload(openTicket(), created, target, file(streamOf("0123456789")));
    expect(sent).toMatchObject({
      kind: "failed",
      error: {
        code: "field_rejected",
        message: expect.stringContaining("larger than that instance takes"),
      },
    });
  });

  test("that stands still is given up, and one that is gone is null", async ({ serve, reach }) => {
    const source = reach(
      await serve((request, response) => {
        if (request.url === "/gone") response.writeHead(404).end();
        else if (request.url === "/broken") {
          response.writeHead(200, { "content-length": 10 });
          response.write("01234", () => response.destroy());
        }
      }),
    );
    expect(await source.stream("/gone")).toBeNull();
    const broken = await source.stream("/broken");
    const all = async () => {
      for await (const _chunk of broken?.chunks ?? []);
    };
    await expect(all()).rejects.toMatchObject({ code: "instance_unreachable" });
  });
});
