import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";

export type Passed = { method: string; path: string; body: string };

/** A way to a tracker on which answers get lost. */
export type LossyWay = {
  baseUrl: string;
  /** The next request that `match` names ("PUT /issues/12.json …body") arrives and is done; its answer is lost. */
  loseAnswerTo(match: RegExp): void;
  /** The next request that `match` names is on its way until the function that comes back is called. */
  hold(match: RegExp): () => void;
  /** What has come through since this was last asked, in order. */
  takeSeen(): Passed[];
  /** How many answers are still to be lost. */
  toLose(): number;
  close(): Promise<void>;
};

export async function openLossyWay(target: string): Promise<LossyWay> {
  const losses: RegExp[] = [];
  const holds: { match: RegExp; until: Promise<void> }[] = [];
  let seen: Passed[] = [];
  const server = createServer(async (near, answer) => {
    const body = await wholeOf(near);
    const said = `${near.method} ${near.url} ${body.subarray(0, 2_000).toString("latin1")}`;
    const [method, path] = [near.method ?? "GET", near.url ?? "/"];
    seen.push({ method, path, body: method === "GET" ? "" : body.toString("utf8") });
    const index = losses.findIndex((match) => match.test(said));
    if (index >= 0) losses.splice(index, 1);
    const held = holds.findIndex(({ match }) => match.test(said));
    if (held >= 0) await holds.splice(held, 1)[0]?.until;
    const far = request(`${target}${near.url}`, { method: near.method, headers: near.headers });
    far.on("error", () => answer.destroy());
    far.on("response", async (response) => {
      const content = await wholeOf(response);
      if (index >= 0) answer.destroy();
      else answer.writeHead(response.statusCode ?? 502, response.headers).end(content);
    });
    far.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    loseAnswerTo: (match) => void losses.push(match),
    hold(match) {
      const { promise: until, resolve } = Promise.withResolvers<void>();
      holds.push({ match, until });
      return () => resolve();
    },
    takeSeen() {
      const taken = seen;
      seen = [];
      return taken;
    },
    toLose: () => losses.length,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function wholeOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
