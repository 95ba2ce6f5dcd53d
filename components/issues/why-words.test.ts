import { describe, expect, test } from "vitest";
import { whyWords } from "@/components/issues/why-words";
import type { PairDetail, PairSide } from "@/lib/pairs/pair";
import { choiceDigest } from "@/lib/sync/choice";

const side = (key: string | null, instance: string): PairSide => ({
  issueId: key,
  key,
  url: null,
  instance,
  project: null,
  base: null,
  seenAt: null,
  isUnverified: false,
  isHeld: false,
});

const ENTRY: NonNullable<PairDetail["entry"]> = {
  id: 1,
  state: "queued",
  changes: 2,
  createdAt: "2026-11-25T00:00:00.000Z",
  readyAt: "2026-11-25T00:00:00.000Z",
  heldBy: null,
  heldReason: null,
  error: null,
  plan: null,
  isStale: false,
};

function pair(more: Partial<PairDetail> = {}): PairDetail {
  return {
    row: {
      id: 1,
      localKey: "PROD-1",
      remoteKey: "ACME-1",
      summary: "",
      connection: { id: 1, name: "Acme" },
      standing: "in_step",
      entryId: null,
      words: null,
      errorCode: null,
      inStepAt: null,
    },
    local: side("PROD-1", "Production"),
    remote: side("ACME-1", "Partner"),
    createdAt: "2026-11-25T00:00:00.000Z",
    fields: [],
    entry: null,
    stopped: null,
    gone: [],
    differsAt: null,
    connectionError: null,
    choices: [],
    ...more,
  };
}

describe("why a pair stands as it does", () => {
  test("a closed gate is named as what it waits for, an open one is not", () => {
    expect(whyWords(pair({ entry: ENTRY }), "inactive")).toEqual([
      "2 changes wait in the Sync Queue. Nothing is sent while synchronisation is inactive.",
    ]);
    expect(whyWords(pair({ entry: ENTRY }), "active")).toEqual([
      "2 changes wait in the Sync Queue. It is sent when its turn comes.",
    ]);
  });

  test("a stopped connection comes before what waits behind it", () => {
    const connectionError = { code: "credentials_rejected", message: "401", retryAt: null };
    const [first, second] = whyWords(pair({ entry: ENTRY, connectionError }), "active");
    expect(first).toBe(
      "The connection has stopped: an instance does not accept our account. It waits for a person.",
    );
    expect(second).toContain("2 changes wait");
  });

  test("an error says what to do next", () => {
    const error = { code: "no_transition", message: "" };
    const words = whyWords(pair({ entry: { ...ENTRY, state: "failed", error } }), "active");
    expect(words.join(" ")).toContain("Move the issue by hand");
  });

  test("a planned conflict says that it waits for a choice, until there is one for these values", () => {
    const conflict = {
      field: "summary",
      base: { local: "a", remote: "a" },
      local: "b",
      remote: "c",
      resolution: "hold",
    } as const;
    const entry = { ...ENTRY, plan: { writes: [], conflicts: [conflict], notes: [] } };
    expect(whyWords(pair({ entry }), "active")[0]).toBe(
      "Both sides changed summary. Nothing of this pair is sent until somebody chooses whose value counts.",
    );
    const choice = { field: "summary", side: "local", by: "ada", at: "", reason: null } as const;
    const chosen = (digest: string) =>
      whyWords(pair({ entry, choices: [{ ...choice, digest }] }), "active").join(" ");
    expect(chosen(choiceDigest(conflict))).not.toContain("somebody chooses");
    expect(chosen("of other values")).toContain("somebody chooses");
  });

  test("a stop names who and why, and nothing else matters then", () => {
    const stopped = { at: "2026-11-25T00:00:00.000Z", by: "ada", reason: "moved" };
    const connectionError = { code: "credentials_rejected", message: "401", retryAt: null };
    expect(whyWords(pair({ stopped, connectionError }), "active")).toEqual([
      "Sync of this pair was stopped by ada: “moved”. Both issues stay as they are; nothing is read or sent until it is started again.",
    ]);
  });

  test("a missing twin, a held side and an unverified one are told by their instance", () => {
    const words = whyWords(
      pair({
        local: { ...side("PROD-1", "Production"), isUnverified: true },
        remote: { ...side(null, "Partner"), isHeld: true },
        entry: ENTRY,
      }),
      "inactive",
    ).join(" ");
    expect(words).toContain("written to Production until this pair’s marker is found");
    expect(words).toContain("held at Partner");
    expect(words).toContain("one is made at Partner");
  });
});

test("an issue that a sweep found gone: how sure that is, and that nothing was deleted for it", () => {
  const gone = (how: "told" | "second_sweep" | null) =>
    whyWords(
      pair({
        gone: [{ side: "remote", noticedAt: "2026-11-25T00:00:00.000Z", deletedAt: null, how }],
      }),
      "active",
    )[0];
  expect(gone(null)).toContain("A sweep did not find ACME-1 at Partner");
  expect(gone(null)).toContain("the next sweep looks again");
  expect(gone("told")).toContain("counts as deleted at Partner, since Partner told so");
  expect(gone("second_sweep")).toContain(
    "since two sweeps found it neither by itself nor in a list",
  );
  expect(gone("told")).toContain("PROD-1 at Production stays as it is: nothing is deleted for it.");
});
