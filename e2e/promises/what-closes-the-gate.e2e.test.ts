import { fork } from "node:child_process";
import { once } from "node:events";
import { describe, expect } from "vitest";
import { PACE, startLine, until, untilDrained } from "@/e2e/line";
import { retryConnection } from "@/lib/connections/connection-store";
import { readGate } from "@/lib/gate/gate-store";
import { test } from "@/lib/testing/database";

describe("what closes the gate by itself", () => {
  test("a restart of the local Jira closes it and says so; its absence, and a restart of the partner's, do not", async ({
    db,
    pool,
    url,
  }) => {
    const line = await startLine(db, url, { pairs: 2 });
    try {
      await line.startWorker();
      await untilDrained(pool);
      await line.activate();
      const looks = async (side: string, times: number) => {
        const polledAt = async () =>
          (await db.watermark.findFirstOrThrow({ where: { side } })).polledAt?.getTime() ?? 0;
        for (let look = 0; look < times; look++) {
          const before = await polledAt();
          await until(`a look at the ${side} side`, async () => (await polledAt()) > before);
        }
      };
      await looks("local", 2);
      await line.production.goDown();
      await until(
        "it is missed",
        async () => (await db.connection.findFirstOrThrow()).errorCode === "instance_unreachable",
      );
      await line.production.comeBack();
      await retryConnection(db, line.connectionId, "ada");
      await looks("local", 2);
      expect((await readGate(db)).state).toBe("active");

      await line.partner.restart({ downMs: 100, startingMs: 700 });
      await retryConnection(db, line.connectionId, "ada");
      await looks("remote", 2);
      expect((await readGate(db)).state).toBe("active");

      await line.production.restart({ downMs: 100, startingMs: 1_200 });
      await until("the gate is shut", async () => (await readGate(db)).state === "inactive");
      const gate = await db.gate.findUniqueOrThrow({ where: { id: 1 } });
      expect(gate).toMatchObject({ by: null, reason: "Production restarted." });
      expect(await db.audit.count({ where: { action: "gate.closed_by_node" } })).toBe(1);
      // A person may open it again at once.
      await line.activate();
      await looks("local", 2);
      expect((await readGate(db)).state).toBe("active");
    } finally {
      await line.stop();
    }
  });

  test("a worker that was told another console address ends with words instead of joining", async ({
    db,
    url,
  }) => {
    const line = await startLine(db, url, { pairs: 1 });
    try {
      await line.startWorker({ CONSOLE_URL: "https://sync.example.com" });
      const stranger = fork("lib/worker/main.ts", {
        execArgv: ["--import", "tsx"],
        env: {
          ...process.env,
          ...PACE,
          DATABASE_URL: url,
          DATA_DIR: line.dataDir,
          CONSOLE_URL: "https://staging.example.com",
        },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      });
      let said = "";
      for (const stream of [stranger.stdout, stranger.stderr])
        stream?.on("data", (chunk: Buffer) => {
          said += chunk.toString();
        });
      const [code] = await once(stranger, "exit");
      expect(code).toBe(78);
      expect(said).toContain("https://sync.example.com");
      expect(said).toContain("https://staging.example.com");
      expect(await db.worker.count()).toBe(1);
    } finally {
      await line.stop();
    }
  });
});
