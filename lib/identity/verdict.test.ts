import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Evidence } from "@/lib/identity/evidence";
import { type VerdictInput, verdictOf } from "@/lib/identity/verdict";
import { USUAL } from "@/lib/testing/evidence";

const IDENTITY = "11111111-1111-4111-8111-111111111111";
const ANOTHER = "22222222-2222-4222-8222-222222222222";
const THEN: Evidence = { ...USUAL, identityBesideKey: IDENTITY };

function judge(now: Partial<Evidence> = {}, rest: Partial<VerdictInput> = {}) {
  return verdictOf({
    then: THEN,
    now: { ...THEN, ...now },
    identity: IDENTITY,
    hasLived: true,
    highWater: { beat: 900, auditSeq: 40, at: "2026-03-01T02:00:00.000Z" },
    age: { beat: 900, auditSeq: 40, holdsAudit: true, lastAt: "2026-03-01T02:00:00.000Z" },
    ...rest,
  });
}

const STAGING = ["https", "sync-staging", "example", "com"];

describe("the verdict on a start", () => {
  test("nothing stored is a first start", () => {
    const verdict = judge(
      { identityBesideKey: null },
      { then: null, hasLived: false, highWater: null },
    );
    expect(verdict).toMatchObject({ kind: "first_start", needsDecision: false });
  });

  test("all as before is a restart", () => {
    const verdict = judge();
    expect(verdict).toMatchObject({ kind: "restart", needsDecision: false });
    expect(verdict.facts.every(({ grade }) => grade === "same")).toBe(true);
  });

  test("another host, address, container, machine or boot, alone or together, is no more than a restart", () => {
    const place = fc.record(
      {
        host: fc.string(),
        addresses: fc.array(fc.ipV4()),
        container: fc.option(fc.string({ minLength: 1 })),
        machineId: fc.option(fc.string({ minLength: 1 })),
        bootId: fc.option(fc.string({ minLength: 1 })),
        label: fc.option(fc.string({ minLength: 1 })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(place, (now) => {
        const verdict = judge(now);
        expect(verdict).toMatchObject({ kind: "restart", needsDecision: false });
        expect(verdict.facts.some(({ grade }) => grade === "strong")).toBe(false);
      }),
    );
  });

  test("another console address on the same host is a restart: somebody renamed it", () => {
    const verdict = judge({ console: STAGING });
    expect(verdict).toMatchObject({ kind: "restart", needsDecision: false });
    expect(verdict.facts.find(({ name }) => name === "console")).toMatchObject({ grade: "weak" });
  });

  test("another key file inode under the same path is a restart: a mounted secret", () => {
    const keyFile = { path: THEN.keyFile?.path ?? "", inode: "9:9" };
    expect(judge({ keyFile })).toMatchObject({ kind: "restart" });
  });

  test.each([
    ["another database server", { database: { ...THEN.database, systemId: "8" } }],
    ["another database of the server", { database: { ...THEN.database, oid: "99" } }],
    ["another database name", { database: { ...THEN.database, name: "restored" } }],
  ])("%s with the same key is a database that was moved or restored", (_words, now) => {
    expect(judge(now)).toMatchObject({ kind: "database_moved", needsDecision: false });
  });

  test.each([
    ["fewer audit records", { beat: 900, auditSeq: 31, holdsAudit: false }],
    ["an earlier beat", { beat: 850, auditSeq: 40, holdsAudit: true }],
    [
      "another record under the number that was the head",
      { beat: 950, auditSeq: 44, holdsAudit: false },
    ],
  ])(
    "a database with %s than the file beside the key was restored from a backup",
    (_words, age) => {
      const verdict = judge({}, { age: { ...age, lastAt: "2026-02-27T22:00:00.000Z" } });
      expect(verdict).toMatchObject({ kind: "restored", needsDecision: false });
      expect(verdict.sentence).toContain("2026-03-01T02:00:00.000Z");
      expect(verdict.sentence).toContain("2026-02-27T22:00:00.000Z");
      expect(verdict.facts.find(({ name }) => name === "database_age")?.grade).toBe("strong");
    },
  );

  test.each<[string, Partial<Evidence>]>([
    ["another key", { keyId: "ffffffff" }],
    ["the identity of another node beside the key", { identityBesideKey: ANOTHER }],
    [
      "the key at another place in another file",
      { keyFile: { path: "/copy/secret.key", inode: "1:77" } },
    ],
    ["another console on another host", { console: STAGING, host: "node-2" }],
    [
      "another key and another database",
      { keyId: "ffffffff", database: { systemId: "8", oid: "9", name: "copy" } },
    ],
  ])("%s is a move or a copy, and a person decides", (_words, now) => {
    const verdict = judge(now);
    expect(verdict).toMatchObject({ kind: "moved_or_copy", needsDecision: true });
    expect(verdict.facts.some(({ grade }) => grade === "strong")).toBe(true);
  });

  test("a key of another node is noticed even where nothing was ever observed", () => {
    const verdict = judge({ identityBesideKey: ANOTHER }, { then: null });
    expect(verdict).toMatchObject({ kind: "moved_or_copy", needsDecision: true });
  });

  test("every fact stands beside what it was, and what made the verdict is marked", () => {
    const verdict = judge({ keyId: "ffffffff", host: "node-2" });
    expect(verdict.facts.find(({ name }) => name === "key")).toEqual({
      name: "key",
      then: "0011aabb",
      now: "ffffffff",
      grade: "strong",
    });
    expect(verdict.facts.find(({ name }) => name === "host")).toEqual({
      name: "host",
      then: "node-1",
      now: "node-2",
      grade: "weak",
    });
  });
});
