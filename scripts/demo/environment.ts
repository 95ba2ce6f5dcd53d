import type { DemoState } from "@/scripts/demo/state";

/** What the demo's node is started with; a clone of it gets the same, as clones do. */
export function demoEnvironment(
  directory: string,
  state: DemoState,
): Record<string, string | undefined> {
  return {
    ...process.env,
    DATABASE_URL: "",
    DATA_DIR: directory,
    NODE_LABEL: process.env.NODE_LABEL || "DEMO",
    ADMIN_EMAIL: state.adminEmail,
    ADMIN_PASSWORD: state.adminPassword,
    API_TOKEN: state.apiToken,
    ALLOWED_ADDRESSES: "127.0.0.0/8,::1/128", // the simulators
    INDEX_LAG_MS: "1000", // they have no search index that lags behind
    POLL_INTERVAL_MS: "5000",
  };
}
