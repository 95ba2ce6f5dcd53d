import { defineConfig } from "vitest/config";

const TESTS = "*.test.{ts,tsx}";

export default defineConfig({
  resolve: { alias: { "@": import.meta.dirname } },
  test: {
    // Tests wait for a database most of the time: a core is not kept free.
    maxWorkers: "100%",
    projects: [
      {
        extends: true,
        test: {
          name: "code",
          include: ["lib", "prisma", "scripts", "app", "components", "e2e/simulators"].map(
            (folder) => `${folder}/**/${TESTS}`,
          ),
          globalSetup: "lib/testing/global-setup.ts",
          // A key of its own: what is audited must not make a key file in the checkout.
          env: { LOG_LEVEL: "error", SECRET_KEY: Buffer.alloc(32, 1).toString("base64") },
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          // Whole nodes as processes, killed and restarted: one after the other, each with all of the machine.
          name: "processes",
          include: ["e2e/**/*.e2e.test.ts"],
          exclude: ["e2e/trackers/**"],
          globalSetup: "lib/testing/global-setup.ts",
          env: { LOG_LEVEL: "error" },
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          // Against trackers that nobody here wrote.
          name: "trackers",
          include: [`e2e/trackers/**/${TESTS}`],
          globalSetup: ["lib/testing/global-setup.ts", "e2e/trackers/global-setup.ts"],
          env: { LOG_LEVEL: "error", SECRET_KEY: Buffer.alloc(32, 7).toString("base64") },
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
