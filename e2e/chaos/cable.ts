import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What stands between one worker and its database: a cable that can be cut, or lie there dead. */
export type Cable = {
  port: number;
  /** Ports from which the database sees this worker's sessions come. */
  sessionPorts(): number[];
  /** Nothing goes through any more, in either direction, and nobody is told: a peer that lost its power. */
  goDead(): void;
  /** What was held back goes on its way. */
  revive(): void;
  isDead(): boolean;
  /** Every connection breaks; new ones are possible. */
  cut(): void;
  /** While refused, new connections break at once. */
  refuse(isRefused: boolean): void;
  close(): Promise<void>;
};

export async function openCable(targetPort: () => number): Promise<Cable> {
  let isDead = false;
  let isRefused = false;
  let held: (() => void)[] = [];
  const pairs = new Set<{ near: Socket; far: Socket }>();

  const pass = (deed: () => void) => {
    if (isDead) held.push(deed);
    else deed();
  };
  const server = createServer((near) => {
    if (isRefused) {
      near.destroy();
      return;
    }
    const far = connect({ host: "127.0.0.1", port: targetPort() });
    const pair = { near, far };
    pairs.add(pair);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.setNoDelay(true);
      from.on("data", (chunk) =>
        pass(() => {
          if (!to.destroyed) to.write(chunk);
        }),
      );
      from.on("error", () => undefined); // followed by "close"
      from.on("close", () =>
        pass(() => {
          to.destroy();
          pairs.delete(pair);
        }),
      );
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });

  const revive = () => {
    isDead = false;
    const deeds = held;
    held = [];
    for (const deed of deeds) deed();
  };
  const cut = () => {
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    sessionPorts: () =>
      [...pairs].flatMap(({ far }) => (far.localPort === undefined ? [] : [far.localPort])),
    goDead() {
      isDead = true;
    },
    revive,
    isDead: () => isDead,
    cut,
    refuse(refused) {
      isRefused = refused;
    },
    async close() {
      isRefused = true;
      revive();
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
