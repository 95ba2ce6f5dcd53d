import { randomUUID } from "node:crypto";
import type { Settlement, Ticket } from "@/lib/connectors/connector";

type Asked = { method: string; path: string; lifeMs: number };

/** A ticket that is always granted, and remembers what was asked for and how each write was settled. */
export function openTicket(): Ticket & { asked: Asked[]; settled: Settlement[]; ids: string[] } {
  const asked: Asked[] = [];
  const settled: Settlement[] = [];
  const ids: string[] = [];
  return {
    asked,
    settled,
    ids,
    async request(method, path, lifeMs) {
      asked.push({ method, path, lifeMs });
      const id = randomUUID();
      ids.push(id);
      return { granted: id };
    },
    async settle(_permitId, settlement) {
      settled.push(settlement);
    },
  };
}
