import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  DriverAdapterError,
} from "@prisma/driver-adapter-utils";
import type { MigrationList, SchemaEngine } from "@prisma/schema-engine-wasm";
import pg from "pg";

const MIGRATIONS = resolve(import.meta.dirname, "migrations");
const SCHEMA = resolve(import.meta.dirname, "schema.prisma");
const NO_FILTERS = { externalTables: [], externalEnums: [] };
const MIGRATE_LOCK = 740_002; // held by one process at a time; Prisma's own lock gives up after 10 s

/**
 * Brings the database at `url` to the newest migration. One process migrates, the others wait for it
 * and find nothing left to do. Throws before it changes anything when the database is newer than this
 * program, or when a migration that was applied has been edited since.
 */
export async function migrate(url: string): Promise<{ applied: string[] }> {
  const lock = new pg.Client({ connectionString: url });
  lock.on("error", () => undefined); // the migration itself reports a lost connection
  await lock.connect();
  try {
    await lock.query("select pg_advisory_lock($1)", [MIGRATE_LOCK]);
    return await withEngine(url, async (engine) => {
      const migrationsList = await listMigrations();
      await prepareHistory(engine, migrationsList);
      const { appliedMigrationNames } = await engine.applyMigrations({
        migrationsList,
        filters: NO_FILTERS,
      });
      return { applied: appliedMigrationNames };
    });
  } finally {
    await lock.end(); // lets go of the lock
  }
}

/**
 * Whether the last migration of this database is one that this program knows. A worker that meets
 * another schema must not claim: it was started from an older version than the one that migrated.
 */
export async function schemaIsKnown(database: Pick<pg.Pool, "query">): Promise<boolean> {
  const { rows } = await database.query<{ name: string }>(
    `select migration_name as name from _prisma_migrations
      where finished_at is not null and rolled_back_at is null
      order by migration_name desc limit 1`,
  );
  const last = rows[0]?.name;
  return last !== undefined && (await migrationNames()).includes(last);
}

/** What would still have to be done to make the database at `url` equal to schema.prisma, as SQL; empty when nothing. */
export async function diffSchema(url: string): Promise<string> {
  return withEngine(url, async (engine) => {
    const files = [{ path: SCHEMA, content: await readFile(SCHEMA, "utf8") }];
    const { stdout } = await engine.diff({
      // The engine reads the database it was opened on; the schema only names the dialect.
      from: { tag: "schemaDatasource", files, configDir: import.meta.dirname },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
    });
    return (stdout ?? "").replace(/^--.*$/gm, "").trim();
  });
}

/**
 * A migration that was cut short left nothing behind: PostgreSQL runs a file's statements as one
 * transaction (so no file may hold `create index concurrently`). It is simply tried again.
 */
async function prepareHistory(engine: SchemaEngine, migrationsList: MigrationList): Promise<void> {
  const found = await engine.diagnoseMigrationHistory({
    migrationsList,
    optInToShadowDatabase: false,
    filters: NO_FILTERS,
  });
  if (found.editedMigrationNames.length > 0) {
    throw new Error(
      `these migrations were applied in another form than the one in prisma/migrations: ${found.editedMigrationNames.join(", ")}`,
    );
  }
  if (found.history && found.history.diagnostic !== "databaseIsBehind") {
    throw new Error(
      `the database was migrated by a newer version of this program (${found.history.unpersistedMigrationNames.join(", ")}): start that version`,
    );
  }
  for (const migrationName of found.failedMigrationNames) {
    await engine.markMigrationRolledBack({ migrationName });
  }
}

async function migrationNames(): Promise<string[]> {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function listMigrations(): Promise<MigrationList> {
  const read = async (name: string) => ({
    path: name,
    migrationFile: {
      path: "migration.sql",
      content: {
        tag: "ok" as const,
        value: await readFile(join(MIGRATIONS, name, "migration.sql"), "utf8"),
      },
    },
  });
  return {
    baseDir: MIGRATIONS,
    lockfile: {
      path: "migration_lock.toml",
      content: await readFile(join(MIGRATIONS, "migration_lock.toml"), "utf8"),
    },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all((await migrationNames()).map(read)),
  };
}

async function withEngine<T>(url: string, use: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const Engine = await loadEngine();
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on("error", () => undefined); // the next statement reports it
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(new EngineAdapter(pool));
    const engine = await Engine.new({ datamodels: undefined }, () => undefined, adapter);
    try {
      return await use(engine);
    } finally {
      engine.free();
    }
  } finally {
    await pool.end();
  }
}

const CATALOGUE_CHAR = 18; // PostgreSQL's type "char", which only its own catalogue has
const TEXT = 25;

/** The adapter, mended in two places where it and the engine do not fit together. */
class EngineAdapter extends PrismaPg {
  readonly #pool: pg.Pool;
  #characters = new Set<string>();

  constructor(pool: pg.Pool) {
    super(pool);
    this.#pool = pool;
    const query = pool.query.bind(pool) as (...given: unknown[]) => Promise<pg.QueryResult>;
    Object.assign(pool, {
      query: async (...given: unknown[]) => this.#noteChars(await query(...given)),
    });
  }

  override async connect() {
    const adapter = await super.connect();
    // Its own way cuts a file at every semicolon, also inside of function bodies and comments.
    adapter.executeScript = async (script) => {
      await this.#pool.query(script).catch((error: pg.DatabaseError) => {
        throw new DriverAdapterError({
          kind: "postgres",
          code: error.code ?? "XX000",
          severity: error.severity ?? "ERROR",
          message: error.message,
          detail: error.detail,
          column: error.column,
          hint: error.hint,
        });
      });
    };
    // It has no word for "char" and gives up; the engine insists on a character.
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const { columnTypes, ...rest } = await queryRaw(query);
      const types = columnTypes.map((type, index) =>
        this.#characters.has(rest.columnNames[index] ?? "") ? ColumnTypeEnum.Character : type,
      );
      return { ...rest, columnTypes: types };
    };
    return adapter;
  }

  #noteChars(result: pg.QueryResult): pg.QueryResult {
    for (const field of result.fields ?? []) {
      if (field.dataTypeID !== CATALOGUE_CHAR) continue;
      field.dataTypeID = TEXT;
      this.#characters.add(field.name);
    }
    return result;
  }
}

let loaded: Promise<typeof SchemaEngine> | undefined;

/**
 * Prisma's schema engine as WebAssembly. Its own entry point imports the module file, which Node does
 * only behind a flag, so it is instantiated by hand.
 */
function loadEngine(): Promise<typeof SchemaEngine> {
  loaded ??= (async () => {
    const bindings = await import("@prisma/schema-engine-wasm/schema_engine_bg");
    const folder = dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm"));
    const bytes = await readFile(join(folder, "schema_engine_bg.wasm"));
    const { instance } = await WebAssembly.instantiate(bytes, {
      "./schema_engine_bg.js": bindings as unknown as WebAssembly.ModuleImports,
    });
    const start = instance.exports as unknown as { __wbindgen_start(): void };
    (bindings as unknown as { __wbg_set_wasm(wasm: unknown): void }).__wbg_set_wasm(start);
    start.__wbindgen_start();
    Object.assign(globalThis, {
      PRISMA_WASM_PANIC_REGISTRY: {
        set_message(message: string) {
          throw new Error(`the schema engine gave up: ${message}`);
        },
      },
    });
    return bindings.SchemaEngine;
  })();
  return loaded;
}
