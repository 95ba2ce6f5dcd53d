import { describe, expect, test } from "vitest";
import { bannerWords, timeLeft } from "@/components/gate/banner-words";
import { plainText as text } from "@/components/gate/phrase-words";
import type { GateStatus } from "@/lib/gate/status";

const status: GateStatus = {
  state: "inactive",
  fence: { incarnation: "today", epoch: 4 },
  since: "2026-03-01T02:14:00Z",
  by: null,
  reason: "This node restarted: none of its processes had stayed alive.",
  waiting: 23,
  ready: 20,
  held: 2,
  failed: 1,
  oldestWaitingAt: "2026-03-01T01:00:00Z",
  openPermits: 0,
  workers: [
    { id: "w", host: "h", pid: 1, startedAt: "", seenAt: "", doing: "idle", isSilent: false },
  ],
  stoppedConnections: [],
  sentSinceOpening: 0,
  perMinute: 0,
  label: null,
  colour: null,
  consoleUrl: null,
  decisionDue: null,
  copyOf: null,
  claimTroubles: [],
  heldConnections: 0,
  scope: [],
  now: "2026-03-01T02:26:00Z",
};
const active: GateStatus = { ...status, state: "active", by: "ada", reason: null, failed: 0 };
const stopped = { id: 1, name: "Acme", code: "credentials_rejected", message: "401" };

describe("the banner of an inactive node", () => {
  test("says that nothing is sent, how much waits, since when, and why", () => {
    const words = bannerWords(status);
    expect(words.tone).toBe("closed");
    expect(words.headline).toBe("Synchronisation is inactive.");
    expect(text(words.sentence)).toBe(
      "Nothing is sent. 23 issues wait, the oldest since 2026-03-01T01:00:00Z.",
    );
    expect(text(words.why)).toBe(
      "This node restarted: none of its processes had stayed alive. That was 2026-03-01T02:14:00Z. ",
    );
  });

  test("counts one issue in the singular and more than ten thousand as such", () => {
    expect(text(bannerWords({ ...status, waiting: 1, oldestWaitingAt: null }).sentence)).toContain(
      "1 issue waits.",
    );
    expect(text(bannerWords({ ...status, waiting: 10_001 }).sentence)).toContain(
      "10,000+ issues wait",
    );
  });

  test("names who deactivated it, in their own words", () => {
    expect(text(bannerWords({ ...status, by: "ada", reason: "patch night" }).why)).toBe(
      "Deactivated by ada 2026-03-01T02:14:00Z: “patch night”. ",
    );
  });

  test("before the first worker ever started says that it has never been activated", () => {
    const first = { ...status, fence: { incarnation: "", epoch: 0 }, reason: null };
    expect(text(bannerWords(first).why)).toBe("It has never been activated. ");
  });

  test("mentions stopped connections without hiding that it is inactive", () => {
    const words = bannerWords({ ...status, stoppedConnections: [stopped] });
    expect(words.headline).toBe("Synchronisation is inactive.");
    expect(text(words.why)).toContain("1 connection has stopped.");
    expect(words.errorsAt).toBe("/errors");
  });

  test("presses nobody to review when nothing waits, and still leads there", () => {
    expect(bannerWords(status).isPressing).toBe(true);
    const idle = bannerWords({ ...status, waiting: 0, oldestWaitingAt: null });
    expect(idle.call).toBe("Review and activate");
    expect(idle.isPressing).toBe(false);
    const copy = { kind: "moved_or_copy", sentence: "this may be a copy" } as const;
    expect(bannerWords({ ...status, waiting: 0, decisionDue: copy }).isPressing).toBe(true);
  });

  test("leads to the review before anything can be activated", () => {
    expect(bannerWords(status).call).toBe("Review and activate");
  });

  test("counts the connections that are held since a copy was made", () => {
    expect(text(bannerWords({ ...status, heldConnections: 2 }).why)).toContain(
      "2 connections are held until a person sees to them.",
    );
    expect(text(bannerWords({ ...status, heldConnections: 1, copyOf: "them" }).why)).toContain(
      "This node is a copy. 1 connection is held until a person sees to it.",
    );
  });

  test("does not ask whether it is a copy once that is decided", () => {
    const reason = "This node was moved, or it is a copy: its key is not the one it had.";
    expect(text(bannerWords({ ...status, reason, heldConnections: 1, copyOf: "them" }).why)).toBe(
      "This node is a copy. 1 connection is held until a person sees to it. ",
    );
  });
});

describe("the banner of a node that may be a copy", () => {
  const decisionDue = {
    kind: "moved_or_copy" as const,
    sentence: "This node was moved, or it is a copy: its key is not the one it had.",
  };

  test("has a look of its own, says the verdict and its grounds, and asks for a decision", () => {
    const words = bannerWords({ ...status, decisionDue });
    expect(words.tone).toBe("undecided");
    expect(words.headline).toBe("This node was moved, or it is a copy.");
    expect(text(words.sentence)).toMatch(/^Nothing is sent\. 23 issues wait/);
    expect(text(words.why)).toBe("Its key is not the one it had.");
    expect(words.call).toBe("Decide");
  });
});

describe("the banner of a node whose identity somebody else uses", () => {
  const alive = { instance: "Acme", kind: "alive" as const };

  test("has the weight of an error, and leads to what was found", () => {
    const words = bannerWords({ ...status, claimTroubles: [alive] });
    expect(words.tone).toBe("error");
    expect(words.headline).toBe("Another node with our identity is alive at Acme.");
    expect(text(words.sentence)).toMatch(/^Nothing is sent\./);
    expect(words.call).toBe("Review");
  });

  test("names the worst that was found, each instance once", () => {
    const words = bannerWords({
      ...active,
      claimTroubles: [
        { instance: "Beta", kind: "newer" },
        alive,
        alive,
        { instance: "Gamma", kind: "alive" },
      ],
    });
    expect(words.headline).toBe("Another node with our identity is alive at Acme and Gamma.");
    expect(text(words.sentence)).toBe(
      "Nothing is sent to Acme, Gamma and Beta until a person decides.",
    );
    const contested = bannerWords({
      ...status,
      claimTroubles: [{ instance: "Beta", kind: "contested" }],
    });
    expect(contested.headline).toBe("Two nodes with our identity have met at Beta.");
    const newer = bannerWords({ ...status, claimTroubles: [{ instance: "Beta", kind: "newer" }] });
    expect(newer.headline).toBe("Somebody wrote under our identity at Beta after us.");
  });

  test("still asks for the decision that is due", () => {
    const sentence = "This node's key belongs to another node.";
    const words = bannerWords({
      ...status,
      claimTroubles: [alive],
      decisionDue: { kind: "moved_or_copy", sentence },
    });
    expect(words.call).toBe("Decide");
    expect(text(words.why)).toBe(sentence);
  });
});

describe("the banner of a node without a worker", () => {
  test("comes before everything else and names the command that helps", () => {
    const silent = status.workers.map((worker) => ({ ...worker, isSilent: true }));
    for (const workers of [[], silent]) {
      const words = bannerWords({ ...active, ready: 100, workers });
      expect(words.tone).toBe("error");
      expect(words.headline).toBe("No worker is running.");
      expect(text(words.why)).toContain("npm run worker");
    }
  });
});

describe("the banner of a node that is closing", () => {
  test("counts the writes that are still under way", () => {
    const words = bannerWords({ ...status, state: "closing", openPermits: 3 });
    expect(`${words.headline} ${text(words.sentence)}`).toBe(
      "Closing. 3 writes are still under way; nothing new is sent.",
    );
  });

  test("says so when the last one has come back", () => {
    expect(text(bannerWords({ ...status, state: "closing" }).sentence)).toContain(
      "No write is under way",
    );
  });
});

describe("the banner of an active node", () => {
  test("in step is a thin strip that names who opened it and when", () => {
    const words = bannerWords({ ...active, ready: 0, held: 0 });
    expect(words.tone).toBe("quiet");
    expect(`${words.headline} ${text(words.sentence)}${text(words.why)}`).toBe(
      "Active since 2026-03-01T02:14:00Z by ada. In step.",
    );
  });

  test("opened for chosen connections says that it is not open for the others", () => {
    const words = bannerWords({ ...active, ready: 0, held: 0, scope: [1, 4] });
    expect(text(words.sentence)).toContain("for 2 connections only");
  });

  test("opened for chosen connections counts what waits at the others, and sends only its own", () => {
    const some = { ...active, waiting: 48, ready: 0, held: 2, scope: [1] };
    expect(text(bannerWords(some).why)).toBe("In step; 2 issues held. 46 more wait at the others.");
    const sending = bannerWords({ ...some, ready: 6, sentSinceOpening: 4, perMinute: 3 });
    expect(text(sending.sentence)).toBe(
      "4 of 10 for 1 connection only · 3 a minute · about 2 min left",
    );
    expect(bannerWords({ ...some, waiting: 2 }).why).toEqual(["In step; 2 issues held."]);
  });

  test("everyday traffic of a few issues does not raise a progress bar", () => {
    const words = bannerWords({ ...active, ready: 3 });
    expect(words.tone).toBe("quiet");
    expect(text(words.why)).toBe("Sending 3 issues.");
    expect(words.progress).toBeNull();
  });

  test("with a backlog shows how far it has come and how long it will take", () => {
    const words = bannerWords({ ...active, ready: 892, sentSinceOpening: 312, perMinute: 41.3 });
    expect(words.tone).toBe("sending");
    expect(`${words.headline} ${text(words.sentence)}`).toBe(
      "Sending: 312 of 1,204 · 41 a minute · about 20 min left",
    );
    expect(words.progress).toEqual({ done: 312, of: 1204 });
  });

  test("a backlog days after the opening is told without the sum of those days", () => {
    const words = bannerWords({
      ...active,
      since: "2026-02-20T00:00:00Z",
      ready: 40,
      sentSinceOpening: 90_000,
    });
    expect(text(words.sentence)).toBe("40 issues to go");
    expect(words.progress).toBeNull();
  });

  test("with stopped connections needs a person, and still tells what is being sent", () => {
    const words = bannerWords({
      ...active,
      failed: 18,
      ready: 40,
      sentSinceOpening: 10,
      stoppedConnections: [stopped, stopped, stopped],
    });
    expect(words.tone).toBe("error");
    expect(`${words.headline} ${text(words.sentence)}`).toBe(
      "3 connections have stopped. 18 issues need you.",
    );
    expect(text(words.why)).toBe("Sending: 10 of 50");
    expect(words.errorsAt).toBe("/errors");
  });
});

test("the time that is left gets coarser the longer it is", () => {
  expect(timeLeft(0.4)).toBe("less than a minute left");
  expect(timeLeft(11.6)).toBe("about 12 min left");
  expect(timeLeft(37)).toBe("about 35 min left");
  expect(timeLeft(200)).toBe("about 3 h left");
});
