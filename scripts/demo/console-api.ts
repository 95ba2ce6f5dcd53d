import type { GateStatus } from "@/lib/gate/status";
import type { QueueRow } from "@/lib/sync-queue/row";

/** What the demo asks of the console: the same API that anybody may use. */
export type ConsoleApi = {
  createInstance(body: Record<string, unknown>): Promise<{ id: number }>;
  createConnection(body: Record<string, unknown>): Promise<{ id: number; webhookSecret: string }>;
  linkPair(body: Record<string, unknown>): Promise<{ pairId: number }>;
  gate(): Promise<GateStatus>;
  queue(): Promise<QueueRow[]>;
};

export function consoleApi(consoleUrl: string, token: string): ConsoleApi {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${consoleUrl}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) {
      throw new Error(`the console answered ${answer.status} to ${method} ${path}: ${text}`);
    }
    return JSON.parse(text) as T;
  };
  return {
    createInstance: (body) => call("POST", "/instances", body),
    createConnection: (body) => call("POST", "/connections", body),
    linkPair: (body) => call("POST", "/pairs", body),
    gate: () => call("GET", "/gate"),
    queue: async () => (await call<{ rows: QueueRow[] }>("GET", "/queue?limit=100")).rows,
  };
}
