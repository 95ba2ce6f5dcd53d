import { describe, expect, vi } from "vitest";
import { lendSide } from "@/lib/connections/watermark-store";
import { test } from "@/lib/testing/connected";
import { holdSide } from "@/lib/worker/hold-side";

describe("a side that is polled", () => {
  test("is its poller's as long as that one lives, and nobody else's", async ({
    connected: _,
    db,
    pool,
  }) => {
    const lent = await lendSide(pool, 0);
    if (!lent) throw new Error("no side was due");
    const holding = holdSide(pool, lent, 20);
    const at = { connectionId: lent.connectionId, side: lent.side };
    await vi.waitFor(async () => {
      const { claimedUntil } = await db.watermark.findFirstOrThrow({ where: at });
      expect(claimedUntil?.getTime()).toBeGreaterThan(lent.until.getTime());
    });
    const held = await holding.end();
    const { claimedUntil } = await db.watermark.findFirstOrThrow({ where: at });
    expect(held?.until).toEqual(claimedUntil);
  });

  test("is lent to another one soon after its poller was killed, who then has it no more", async ({
    connected: _,
    db,
    pool,
  }) => {
    const [lent, other] = [await lendSide(pool, 0), await lendSide(pool, 0)];
    if (!lent || !other) throw new Error("no side was due");
    expect(await lendSide(pool, 0)).toBeNull();
    const soon = lent.until.getTime() - lent.lentAt.getTime();
    expect(soon).toBeLessThanOrEqual(15_000);
    // As if that time had passed.
    await db.watermark.updateMany({ data: { claimedUntil: lent.lentAt } });
    expect(await lendSide(pool, 0)).not.toBeNull();
    const late = holdSide(pool, lent, 60_000);
    expect(await late.keep()).toBeNull();
    expect(await late.end()).toBeNull();
  });
});
