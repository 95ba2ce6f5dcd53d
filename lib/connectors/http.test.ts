import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Agent, type Dispatcher } from "undici";
import { test as base, describe, expect } from "vitest";
import { z } from "zod";
import { parseRanges } from "@/lib/connectors/address-guard";
import { type HttpOptions, openHttp } from "@/lib/connectors/http";
import { openNetwork } from "@/lib/connectors/network";
import { SyncError } from "@/lib/errors";
import { openTicket } from "@/lib/testing/ticket";

type Handler = (request: IncomingMessage, response: ServerResponse, text: string) => void;
type Received = { method: string; url: string; permit: string; text: string };
type Instance = { url: string; received: Received[] };

type Fixtures = {
  /** An instance that answers as a test wants, and remembers what reached it. */
  serve: (handler: Handler) => Promise<Instance>;
  network: Dispatcher;
  reach: (instance: { url: string }, options?: Partial<HttpOptions>) => ReturnType<typeof openHttp>;
};

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  serve: async ({}, use) => {
    const stops: (() => void)[] = [];
    await use(async (handler) => {
      const received: Received[] = [];
      const server = createServer(async (request, response) => {
        let text = "";
        for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString("utf8");
        const { method = "", url = "", headers } = request;
        received.push({ method, url, permit: String(headers["x-sync-permit"] ?? ""), text });
        handler(request, response, text);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      stops.push(() => {
        server.closeAllConnections();
        server.close();
      });
      return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
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
    await use(({ url }, options = {}) => openHttp(network, { ...optionsFor(url), ...options }));
  },
});

const optionsFor = (baseUrl: string): HttpOptions => ({
  instance: "Acme",
  baseUrl,
  authorization: "Bearer secret",
  refuses: () => null,
  writeTimeoutMs: 3_000,
});
const anything = z.unknown().transform(() => ({}));
const created = z.object({ id: z.string() });
const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Handler => {
  return (_request, response) => response.writeHead(status, headers).end(JSON.stringify(body));
};

describe("a write", () => {
  test("carries its permit's id, and settles the permit with what came back", async ({
    serve,
    reach,
  }) => {
    const instance = await serve(answer(201, { id: "10001" }));
    const ticket = openTicket();
    const sent = await reach(instance).write(ticket, created, "POST", "/issue", { a: 1 });
    expect(sent).toEqual({ kind: "applied", created: { id: "10001" } });
    expect(instance.received).toEqual([
      { method: "POST", url: "/issue", permit: ticket.ids[0], text: '{"a":1}' },
    ]);
    expect(ticket.settled).toMatchObject([
      { outcome: "applied", status: 201, created: { id: "10001" } },
    ]);
  });

  test("asks for a permit that outlives the time it may take", async ({ serve, reach }) => {
    const instance = await serve(answer(204, null));
    const ticket = openTicket();
    await reach(instance, { writeTimeoutMs: 700 }).write(ticket, anything, "PUT", "/issue/1", {});
    expect(ticket.asked).toEqual([{ method: "PUT", path: "/issue/1", lifeMs: 2_700 }]);
  });

  test("whose permit is refused does not leave", async ({ serve, reach }) => {
    const instance = await serve(answer(204, null));
    const ticket = { ...openTicket(), request: async () => ({ refused: "closing" }) };
    const sent = await reach(instance).write(ticket, anything, "PUT", "/issue/1", {});
    expect(sent).toEqual({ kind: "refused", because: "closing" });
    expect(instance.received).toEqual([]);
  });

  test("that waited too long for a connection sends no byte under its old permit, and asks for a new one", async ({
    serve,
  }) => {
    const instance = await serve((_request, response, text) => {
      // The only connection is busy for longer than a permit stays fresh.
      if (text.includes("slow")) setTimeout(() => response.writeHead(204).end(), 2_300);
      else response.writeHead(204).end();
    });
    const oneConnection = new Agent({ connections: 1, pipelining: 1 });
    const http = openHttp(oneConnection, optionsFor(instance.url));
    const busy = http.write(openTicket(), anything, "PUT", "/issue/1", { is: "slow" });
    await expect.poll(() => instance.received.length).toBe(1);
    const ticket = openTicket();
    const sent = await http.write(ticket, anything, "PUT", "/issue/2", {});
    await busy;
    await oneConnection.destroy();

    expect(sent.kind).toBe("applied");
    expect(ticket.settled.map(({ outcome }) => outcome)).toEqual(["unsent", "applied"]);
    expect(instance.received.map(({ url, permit }) => [url, permit]).slice(1)).toEqual([
      ["/issue/2", ticket.ids[1]],
    ]);
  });

  test("is unknown when the network goes away under it: the same error, but from a socket that was connected", async ({
    serve,
    network,
  }) => {
    const instance = await serve(answer(204, null));
    const lost = Object.assign(new Error("read EHOSTUNREACH"), {
      code: "EHOSTUNREACH",
      syscall: "read",
    });
    // A router says so at any time: here, when the write has arrived and its answer is on the way.
    const losing: Dispatcher = network.compose(
      (dispatch) => (options, handler) =>
        dispatch(options, {
          onRequestStart: (...args) => handler.onRequestStart?.(...args),
          onResponseStart: (controller) => controller.abort(lost),
          onResponseError: (...args) => handler.onResponseError?.(...args),
        }),
    );
    const ticket = openTicket();
    const http = openHttp(losing, optionsFor(instance.url));
    const sent = await http.write(ticket, anything, "PUT", "/issue/1", {});
    expect(sent).toMatchObject({ kind: "failed", error: { code: "write_unanswered" } });
    expect(ticket.settled).toMatchObject([{ outcome: "unknown" }]);
    expect(instance.received).toHaveLength(1);
  });

  const broken: [string, Handler][] = [
    ["the connection breaks", (request) => request.socket.destroy()],
    [
      "the answer is cut off",
      (request, response) => {
        response.writeHead(201, { "content-length": "100" });
        response.write('{"id":', () => request.socket.destroy());
      },
    ],
    ["no answer comes in time", () => undefined],
  ];
  test.for(broken)(
    "is unknown, and is not sent again, when %s",
    async ([, handler], { serve, reach }) => {
      const instance = await serve(handler);
      const ticket = openTicket();
      const http = reach(instance, { writeTimeoutMs: 300 });
      const sent = await http.write(ticket, created, "POST", "/issue", {});
      await pause(100); // long enough for a second one to arrive
      expect(sent).toMatchObject({ kind: "failed", error: { code: "write_unanswered" } });
      expect(ticket.settled).toMatchObject([{ outcome: "unknown", status: null }]);
      expect(instance.received).toHaveLength(1);
    },
  );

  test("answered by something that is not JSON may have been done", async ({ serve, reach }) => {
    const instance = await serve((_request, response) =>
      response.end("<html>Please log in</html>"),
    );
    const ticket = openTicket();
    const sent = await reach(instance).write(ticket, created, "POST", "/issue", {});
    expect(sent).toMatchObject({ kind: "failed", error: { code: "unexpected_answer" } });
    expect(ticket.settled).toMatchObject([{ outcome: "unknown", status: 200 }]);
  });

  test("to an instance that does not listen was never sent", async ({ serve, reach }) => {
    const instance = await serve(answer(204, null));
    const port = await freePort();
    const ticket = openTicket();
    const http = reach({ url: `http://127.0.0.1:${port}` });
    expect(await http.write(ticket, anything, "PUT", "/issue/1", {})).toMatchObject({
      kind: "failed",
      error: { code: "instance_unreachable" },
    });
    expect(ticket.settled).toMatchObject([{ outcome: "unsent" }]);
    expect(instance.received).toEqual([]);
  });

  test.for([
    [400, "rejected", "field_rejected", "pair"],
    [404, "rejected", "issue_gone", "pair"],
    [429, "rejected", "rate_limited", "connection"],
    [500, "unknown", "instance_failing", "connection"],
    [503, "unknown", "instance_failing", "connection"],
  ] as const)(
    "answered %i is %s: %s, which stops the %s",
    async ([status, outcome, code, stops], { serve, reach }) => {
      const instance = await serve(answer(status, { errors: { priority: "no such one" } }));
      const ticket = openTicket();
      const sent = await reach(instance).write(ticket, anything, "PUT", "/issue/1", {});
      expect(sent).toMatchObject({ kind: "failed", error: { code, stops } });
      expect(ticket.settled).toMatchObject([{ outcome, status }]);
      expect(instance.received).toHaveLength(1);
    },
  );

  test("whose answer cannot be recorded is not taken for a broken one", async ({
    serve,
    reach,
  }) => {
    const instance = await serve(answer(204, null));
    const settle = async () => {
      throw new Error("the database is away");
    };
    const ticket = { ...openTicket(), settle };
    await expect(reach(instance).write(ticket, anything, "PUT", "/issue/1", {})).rejects.toThrow(
      "the database is away",
    );
  });
});

describe("a read", () => {
  test("is checked against its schema", async ({ serve, reach }) => {
    const instance = await serve(answer(200, { id: 5 }));
    await expect(reach(instance).read(created, "/issue/1")).rejects.toMatchObject({
      code: "unexpected_answer",
      message: expect.stringContaining("id"),
    });
  });

  test("of something that is not there is null", async ({ serve, reach }) => {
    const instance = await serve(answer(404, {}));
    expect(await reach(instance).read(created, "/issue/1")).toBeNull();
  });

  test("passes on the instance's word on when to come back", async ({ serve, reach }) => {
    const instance = await serve(answer(429, {}, { "retry-after": "7" }));
    await expect(reach(instance).read(created, "/issue/1")).rejects.toMatchObject({
      code: "rate_limited",
      retryAfterMs: 7_000,
    });
  });

  test.for([
    [429, "rate_limited"],
    [503, "instance_failing"],
  ] as const)(
    "does not believe an instance that answers %i and wants years of rest",
    async ([status, code], { serve, reach }) => {
      const instance = await serve(answer(status, {}, { "retry-after": "1000000000000000" }));
      await expect(reach(instance).read(created, "/issue/1")).rejects.toMatchObject({
        code,
        retryAfterMs: 24 * 3_600_000,
      });
    },
  );

  test("asks the connector what an answer says beside its body", async ({ serve, reach }) => {
    const instance = await serve(answer(200, { id: "1" }, { "x-who": "nobody" }));
    const refuses: HttpOptions["refuses"] = (_status, header) =>
      header("x-who") === "nobody" ? new SyncError("credentials_rejected", "nobody") : null;
    await expect(reach(instance, { refuses }).read(created, "/me")).rejects.toMatchObject({
      code: "credentials_rejected",
    });
  });

  test("keeps a context path and sends its query", async ({ serve, reach }) => {
    const instance = await serve(answer(200, { id: "1" }));
    await reach({ url: `${instance.url}/jira/` }).read(created, "/rest/search", { jql: "a = b&c" });
    expect(instance.received[0]?.url).toBe("/jira/rest/search?jql=a+%3D+b%26c");
  });
});

describe("the way to an instance", () => {
  test("never follows a redirect, not even to an allowed address", async ({ serve, reach }) => {
    const other = await serve(answer(200, { id: "1" }));
    const instance = await serve(answer(302, null, { location: `${other.url}/issue/1` }));
    await expect(reach(instance).read(created, "/issue/1")).rejects.toMatchObject({
      code: "unexpected_answer",
      message: expect.stringContaining("redirect"),
    });
    const ticket = openTicket();
    await reach(instance).write(ticket, created, "POST", "/issue", {});
    expect(ticket.settled).toMatchObject([{ outcome: "rejected", status: 302 }]);
    expect(other.received).toEqual([]);
  });

  test.for(["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0"])(
    "does not lead to this machine unless that is allowed: %s",
    async (host, { serve }) => {
      const instance = await serve(answer(200, { id: "1" }));
      const network = openNetwork([]);
      const http = openHttp(network, optionsFor(instance.url.replace("127.0.0.1", host)));
      await expect(http.read(created, "/issue/1")).rejects.toMatchObject({
        code: "address_refused",
        message: expect.stringContaining("ALLOWED_ADDRESSES"),
      });
      const ticket = openTicket();
      await http.write(ticket, created, "POST", "/issue", {});
      await network.destroy();
      expect(ticket.settled).toMatchObject([{ outcome: "unsent" }]);
      expect(instance.received).toEqual([]);
    },
  );
});

/** A port of this machine that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
