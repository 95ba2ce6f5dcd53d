import { describe, expect, test } from "vitest";
import { addressed, composeMail, type MailNode } from "@/lib/mail/compose";
import type { Notice } from "@/lib/mail/notice";

const CONSOLE = "https://sync.example.com";
const NODE: MailNode = { label: "PRODUCTION", consoleUrl: CONSOLE, doubt: null };
const closed = (by: string | null, reason: string | null): Notice => ({
  kind: "gate_closed",
  detail: { at: "2026-03-01T02:14:00.000Z", by, reason, waiting: 23 },
});
const failed = (connection: string, issues: number, keys: string[]): Notice => ({
  kind: "entries_failed",
  detail: { connectionId: 4, connection, code: "field_rejected", issues, keys },
});

describe("a mail says", () => {
  test("when, by whom and why sync stopped, what waits, and where to activate it", () => {
    expect(composeMail([closed("ada", "before the patch")], CONSOLE)).toEqual({
      subject: "Synchronisation stopped",
      body: [
        "Sync stopped at 1 Mar 2026, 02:14 UTC, by ada: before the patch.",
        "Nothing is sent until somebody activates it. 23 issues wait.",
        "https://sync.example.com/activation",
      ].join("\n"),
    });
  });

  test("how many issues failed, some of them by name, and where they are listed", () => {
    const { subject, body } = composeMail(
      [failed("Acme", 7, ["PROD-1", "PROD-2"]), failed("Redmine ops", 1, ["OPS-9"])],
      CONSOLE,
    );
    expect(subject).toBe("8 issues failed to synchronise");
    expect(body).toContain("Acme: 7 issues with field_rejected (PROD-1, PROD-2, …).");
    expect(body).toContain("Redmine ops: 1 issue with field_rejected (OPS-9).");
    expect(body).toContain("https://sync.example.com/sync-queue?connection=4&state=failed");
    expect(body).toContain("https://sync.example.com/help/errors/field_rejected");
  });

  test("the rest by its number when there is very much of it", () => {
    const { subject, body } = composeMail(
      Array.from({ length: 60 }, () => closed(null, null)),
      CONSOLE,
    );
    expect(subject).toBe("Synchronisation stopped 60 times");
    expect(body.endsWith("And 10 more.")).toBe(true);
  });
});

describe("the sender", () => {
  const letter = composeMail([closed(null, "the node restarted")], CONSOLE);

  test("is named by its label, with the way to the settings", () => {
    const { subject, body } = addressed(letter, NODE, false);
    expect(subject).toBe("[PRODUCTION] Synchronisation stopped");
    expect(body).toContain("https://sync.example.com/settings/mail");
  });

  test("who may be a copy says so in the subject, and that nobody has decided", () => {
    const doubt = { kind: "moved_or_copy", sentence: "This looks like a copy." } as const;
    const { subject, body } = addressed(letter, { ...NODE, doubt }, false);
    expect(subject).toBe("[PRODUCTION? moved or a copy? not decided] Synchronisation stopped");
    expect(body).toMatch(/^This looks like a copy\. Nobody has decided yet/);
  });

  test("who does not know whether it sent this before says so first", () => {
    expect(addressed(letter, NODE, true).body).toMatch(/^This mail may have come to you before/);
  });
});
