import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "@/lib/db/generated/client";
import { env } from "@/lib/env";

export type Db = PrismaClient;
/** A client or a transaction of it. */
export type DbOrTx = Omit<
  PrismaClient,
  "$connect" | "$disconnect" | "$on" | "$transaction" | "$extends"
>;

/** Where the database is; throws a readable message when nobody said so. */
export function databaseUrl(): string {
  const url = env().DATABASE_URL;
  if (!url)
    throw new Error("DATABASE_URL is not set: start with `npm start`, or point it at a PostgreSQL");
  return url;
}

/** Prisma on `url`. The caller disconnects it. */
export function connectPrisma(url: string): Db {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 10 }) });
}

/** A pool of connections that its caller ends. */
export function connectPool(url: string, max = 10): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max, application_name: "exalate" });
  // An idle connection that breaks is replaced at the next query, which reports what is wrong.
  pool.on("error", () => undefined);
  return pool;
}

// The server and its routes are separate module graphs: one client and one pool per process all the same.
const shared = globalThis as unknown as { exalateDb?: Db; exalatePool?: pg.Pool };

/** The console's client: one per process, opened at its first use. */
export function database(): Db {
  shared.exalateDb ??= connectPrisma(databaseUrl());
  return shared.exalateDb;
}

/** The hot path's pool: one statement or function per call. */
export function pool(): pg.Pool {
  shared.exalatePool ??= connectPool(databaseUrl());
  return shared.exalatePool;
}
