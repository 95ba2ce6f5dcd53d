import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ClaimMemory,
  type ClaimRecord,
  hear,
  mayTake,
  nextPlace,
  STILL_PERIODS,
} from "@/lib/identity/claim";

const PERIOD_MS = 15_000;
const at = (seconds: number) => new Date(Date.UTC(2026, 2, 1, 2, 0, 0) + seconds * 1_000);

function record(nonce: string, rest: Partial<ClaimRecord> = {}): ClaimRecord {
  return { identity: "id", incarnation: "inc", nonce, console: null, ...rest };
}

const MEMORY: ClaimMemory = {
  state: "listening",
  nonces: ["last"],
  acceptedMark: null,
  seen: null,
  stillSince: null,
  movedAt: null,
};

/** Looks one after the other, as a node does that only listens. */
function listen(memory: ClaimMemory, looks: [number, ClaimRecord | null][]): ClaimMemory {
  let known = memory;
  for (const [second, seen] of looks) known = { ...known, ...hear(known, seen, at(second)), seen };
  return known;
}

describe("the claim at an instance", () => {
  test("a record with our last nonce is ours, and may be renewed once it stood still for one and a half periods", () => {
    const early = listen(MEMORY, [
      [0, record("last")],
      [22, record("last")],
    ]);
    expect(early.state).toBe("listening");
    expect(mayTake(early, at(22), PERIOD_MS)).toBe(false);
    const late = listen(early, [[23, record("last")]]);
    expect(mayTake(late, at(23), PERIOD_MS)).toBe(true);
  });

  test("the nonce of a renewal whose answer was lost is ours too", () => {
    const heard = listen({ ...MEMORY, nonces: ["last", "next"] }, [[0, record("next")]]);
    expect(heard.state).toBe("listening");
  });

  test("a nonce that is none of ours means another node, and moving means that it lives", () => {
    const still = listen(MEMORY, [[0, record("theirs")]]);
    expect(still).toMatchObject({ state: "foreign", movedAt: null });
    expect(mayTake(still, at(600), PERIOD_MS)).toBe(false);
    const moving = listen(still, [[15, record("theirs again")]]);
    expect(moving).toMatchObject({ state: "foreign", movedAt: at(15) });
  });

  test("a copy taken a second after a renewal learns that the original lives as soon as that renews again", () => {
    const heard = listen(MEMORY, [
      [1, record("last")],
      [8, record("last")],
      [15, record("the original's next")],
    ]);
    expect(heard).toMatchObject({ state: "foreign", movedAt: at(15) });
  });

  test("an active node that finds a foreign nonce is not the holder any more", () => {
    const heard = listen({ ...MEMORY, state: "held", stillSince: at(0), seen: record("last") }, [
      [7, record("theirs")],
    ]);
    expect(heard).toMatchObject({ state: "foreign", movedAt: at(7) });
  });

  test("a contested record stops everybody, whoever wrote its nonce, until a person has taken over", () => {
    const contested = record("last", { contested: { mark: "m1", by: "other" } });
    const held: ClaimMemory = { ...MEMORY, state: "held" };
    expect(hear(held, contested, at(0)).state).toBe("contested");
    expect(hear({ ...MEMORY, acceptedMark: "m1" }, contested, at(0)).state).toBe("listening");
    expect(hear({ ...MEMORY, acceptedMark: "m0" }, contested, at(0)).state).toBe("contested");
  });

  test("a record that was removed while we held it is listened for anew", () => {
    const heard = hear(
      { ...MEMORY, state: "held", seen: record("last"), stillSince: at(0) },
      null,
      at(7),
    );
    expect(heard).toMatchObject({ state: "listening", stillSince: at(7) });
  });

  test("whatever another node writes and whenever we look, we never may take what has moved within one and a half periods", () => {
    const looks = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 20 }), fc.constantFrom(null, "last", "next", "a", "b")),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(looks, (steps) => {
        let memory: ClaimMemory = { ...MEMORY, nonces: ["last", "next"] };
        let second = 0;
        let changedAt = 0;
        let before: string | null | undefined;
        for (const [pause, nonce] of steps) {
          second += pause;
          if (nonce !== before) changedAt = second;
          before = nonce;
          memory = listen(memory, [[second, nonce === null ? null : record(nonce)]]);
          if (mayTake(memory, at(second), PERIOD_MS)) {
            expect([null, "last", "next"]).toContain(nonce);
            expect(second - changedAt).toBeGreaterThanOrEqual((STILL_PERIODS * PERIOD_MS) / 1_000);
          }
        }
      }),
    );
  });

  test("places are tried in order: the project, an issue of it, our own account", () => {
    expect(nextPlace("project")).toBe("issue");
    expect(nextPlace("issue")).toBe("account");
    expect(nextPlace("account")).toBeNull();
  });
});
