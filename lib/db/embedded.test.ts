import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { test as base, describe, expect } from "vitest";
import { findEmbedded, startEmbedded } from "@/lib/db/embedded";

/** A data directory of its own; whatever still runs from it afterwards is stopped. */
const test = base.extend<{ dataDir: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  dataDir: async ({}, use) => {
    const directory = await mkdtemp(join(tmpdir(), "exalate-embedded-"));
    await chmod(directory, 0o711);
    await use(directory);
    if (await findEmbedded(directory)) await (await startEmbedded(directory)).stop();
    await rm(directory, { recursive: true, force: true });
  },
});

async function ask(url: string, query: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query({ text: query, rowMode: "array" });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

async function serverPid(dataDir: string): Promise<number> {
  return Number(
    (await readFile(join(dataDir, "postgres", "postmaster.pid"), "utf8")).split("\n")[0],
  );
}

describe("the embedded database", () => {
  test("keeps its data over a restart, and is gone when stopped", async ({ dataDir }) => {
    const first = await startEmbedded(dataDir);
    await ask(first.url, "create table kept as select 42 as answer");
    await first.stop();
    expect(await findEmbedded(dataDir)).toBeNull();

    const second = await startEmbedded(dataDir);
    expect(await ask(second.url, "select answer from kept")).toBe(42);
    expect(await findEmbedded(dataDir)).toBe(second.url);
    await second.stop();
  });

  test("only the node's own user can read the password", async ({ dataDir }) => {
    const database = await startEmbedded(dataDir);
    await database.stop();
    expect((await stat(join(dataDir, "postgres-access.json"))).mode & 0o777).toBe(0o600);
  });

  test("is adopted when a kill -9 of its node left it running", async ({ dataDir }) => {
    const script = `const { startEmbedded } = await import("@/lib/db/embedded");
      const { url } = await startEmbedded(process.argv[1]);
      console.log(url);`;
    const node = spawn(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "-e", script, dataDir],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const [printed] = (await once(node.stdout, "data")) as [Buffer];
    const pid = await serverPid(dataDir);
    node.kill("SIGKILL");
    await once(node, "exit");

    const adopted = await startEmbedded(dataDir);
    expect(adopted.url).toBe(printed.toString().trim());
    expect(await serverPid(dataDir)).toBe(pid);
    await adopted.stop();
  });

  test("comes up again after the server itself was killed and left its pid file", async ({
    dataDir,
  }) => {
    const first = await startEmbedded(dataDir);
    await ask(first.url, "create table kept as select 42 as answer");
    process.kill(await serverPid(dataDir), "SIGKILL");

    const second = await startEmbedded(dataDir);
    expect(await ask(second.url, "select answer from kept")).toBe(42);
    await second.stop();
    await first.stop();
  });

  test("a pid file that names a foreign process is not believed", async ({ dataDir }) => {
    await (await startEmbedded(dataDir)).stop();
    const pidFile = join(dataDir, "postgres", "postmaster.pid");
    await writeFile(pidFile, `${process.pid}\n${join(dataDir, "postgres")}\n0\n5432\n`);
    const database = await startEmbedded(dataDir);
    expect(await ask(database.url, "select 1")).toBe(1);
    await database.stop();
  });

  test("a copy of a running node's directory starts beside the original, which it does not touch", async ({
    dataDir,
  }) => {
    const original = await startEmbedded(join(dataDir, "original"));
    await ask(original.url, "checkpoint");
    await cp(join(dataDir, "original"), join(dataDir, "copy"), {
      recursive: true,
      preserveTimestamps: true,
    });
    await ownAlike(join(dataDir, "original"), join(dataDir, "copy"));

    const copy = await startEmbedded(join(dataDir, "copy"));
    expect(copy.url).not.toBe(original.url);
    await copy.stop();
    expect(await ask(original.url, "select 1")).toBe(1);
    await original.stop();
  });

  test("a second node on the same directory is refused in one sentence", async ({ dataDir }) => {
    const first = await startEmbedded(dataDir);
    await expect(startEmbedded(dataDir)).rejects.toThrow(
      /another node is running from .*: stop it first/,
    );
    expect(await ask(first.url, "select 1")).toBe(1);
    await first.stop();
  });

  test("takes another port when its own was taken meanwhile", async ({ dataDir }) => {
    const first = await startEmbedded(dataDir);
    const port = Number(new URL(first.url).port);
    await first.stop();
    const squatter = createServer().listen(port, "127.0.0.1");
    await once(squatter, "listening");
    const second = await startEmbedded(dataDir);
    expect(Number(new URL(second.url).port)).not.toBe(port);
    await second.stop();
    squatter.close();
  });

  test("a path that cannot be a directory is named, with what to do", async ({ dataDir }) => {
    const file = join(dataDir, "file");
    await writeFile(file, "");
    await expect(startEmbedded(join(file, "data"))).rejects.toThrow(
      /cannot write to the data directory/,
    );
  });
});

/** As root, files of the cluster belong to the database's user, and a copy made by root does not. */
async function ownAlike(original: string, copy: string): Promise<void> {
  const { uid, gid } = await stat(join(original, "postgres"));
  const chown = spawn("chown", ["-R", `${uid}:${gid}`, join(copy, "postgres")]);
  await once(chown, "exit");
}
