import { test as base } from "@/lib/testing/database";

const shared = globalThis as unknown as { exalateDb?: unknown; exalatePool?: unknown };

/** Actions and routes of this process use the test's own database. */
export const test = base.extend<{ served: undefined }>({
  served: [
    async ({ db, pool }, use) => {
      shared.exalateDb = db;
      shared.exalatePool = pool;
      await use(undefined);
      delete shared.exalateDb;
      delete shared.exalatePool;
    },
    { auto: true },
  ],
});
