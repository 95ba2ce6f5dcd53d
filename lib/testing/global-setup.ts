import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/prisma/migrate";

declare module "vitest" {
  interface ProvidedContext {
    /** The server all tests of a run share; each test has a database of its own on it. */
    postgresUrl: string;
    /** The migrated database that each of them is a copy of. */
    template: string;
  }
}

const TEMPLATE = "exalate_template";

/** One PostgreSQL per run, in a directory of its own, with a migrated database to copy from. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "exalate-tests-"));
  await chmod(directory, 0o711); // the database may run as another user
  const server = await startEmbedded(directory, {
    // Nobody needs a test's data after a power failure.
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
  });
  const stop = async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await prepareTemplate(server.url);
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide("postgresUrl", server.url);
  project.provide("template", TEMPLATE);
  return stop;
}

async function prepareTemplate(serverUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${TEMPLATE}`;
  await migrate(url.href);
}
