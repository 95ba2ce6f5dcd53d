import { describe, expect } from "vitest";
import { type Subject, takeTry } from "@/lib/access/attempt-store";
import { hashPassword } from "@/lib/access/password";
import { readSession } from "@/lib/access/session-store";
import { signInWith } from "@/lib/access/sign-in";
import type { Db } from "@/lib/db/database";
import { test } from "@/lib/testing/database";
import { failSignIns } from "@/lib/testing/failed-sign-ins";

const ADA = { email: "ada@example.com", password: "correct horse battery" };
const ACCOUNT: Subject = { kind: "account", name: ADA.email };
const FROM = { address: "192.0.2.1", userAgent: "a browser" };

async function account(db: Db, disabledAt: Date | null = null): Promise<void> {
  const passwordHash = await hashPassword(ADA.password);
  await db.user.create({
    data: { email: ADA.email, name: "Ada", passwordHash, role: "administrator", disabledAt },
  });
}

describe("signing in", () => {
  test("the right password opens a session, however the address is spelled, and is in the audit", async ({
    db,
  }) => {
    await account(db);
    const result = await signInWith(db, { ...ADA, ...FROM, email: " Ada@Example.com " });
    if (!("sessionId" in result)) throw new Error("the right password was refused");
    expect((await readSession(db, result.sessionId))?.email).toBe(ADA.email);
    expect((await db.audit.findMany()).map((record) => record.action)).toEqual(["session.started"]);
  });

  test("a wrong password, an unknown account and a disabled one get the same answer", async ({
    db,
  }) => {
    await account(db, new Date());
    const refused = { refused: "wrong" };
    expect(await signInWith(db, { ...ADA, ...FROM })).toEqual(refused);
    expect(await signInWith(db, { ...ADA, ...FROM, password: "wrong" })).toEqual(refused);
    expect(await signInWith(db, { ...ADA, ...FROM, email: "who@example.com" })).toEqual(refused);
    expect(await db.session.count()).toBe(0);
    expect(await db.audit.count({ where: { action: "session.refused" } })).toBe(3);
  });

  test("the audit of a refused sign-in does not hold what was typed as a password", async ({
    db,
  }) => {
    await signInWith(db, { ...ADA, ...FROM, password: "a password for elsewhere" });
    expect(JSON.stringify(await db.audit.findMany({ omit: { seq: true } }))).not.toContain(
      "elsewhere",
    );
  });

  test("three mistakes are free; each later one doubles the wait, which never passes half a minute", async ({
    db,
  }) => {
    await failSignIns(db, ACCOUNT, 3);
    expect(await takeTry(db, [ACCOUNT])).toBe(0);
    expect(await takeTry(db, [ACCOUNT])).toBe(1);
    await failSignIns(db, ACCOUNT, 1);
    expect(await takeTry(db, [ACCOUNT])).toBe(2);
    await failSignIns(db, ACCOUNT, 60);
    expect(await takeTry(db, [ACCOUNT])).toBe(30);
  });

  test("a hundred guesses at once are no way around the wait", async ({ db }) => {
    const guesses = Array.from({ length: 100 }, () => takeTry(db, [ACCOUNT]));
    const waits = await Promise.all(guesses);
    expect(waits.filter((seconds) => seconds === 0)).toHaveLength(4);
  });

  test("while an account must wait even the right password does, and it is not tried", async ({
    db,
  }) => {
    await account(db);
    await failSignIns(db, ACCOUNT, 9);
    expect(await signInWith(db, { ...ADA, ...FROM })).toMatchObject({ refused: "wait" });
    expect(await db.session.count()).toBe(0);
  });

  test("an address that guesses at many accounts must wait for each of them", async ({ db }) => {
    await failSignIns(db, { kind: "address", name: FROM.address }, 25);
    const result = await signInWith(db, { ...ADA, ...FROM, email: "another@example.com" });
    expect(result).toMatchObject({ refused: "wait" });
  });

  test("a success forgets the account's failures, and a quiet hour anybody's", async ({ db }) => {
    await account(db);
    await failSignIns(db, ACCOUNT, 3);
    expect(await signInWith(db, { ...ADA, ...FROM })).toHaveProperty("sessionId");
    expect(
      await db.signInAttempt.findUnique({ where: { subject: `account:${ADA.email}` } }),
    ).toBeNull();

    await failSignIns(db, ACCOUNT, 9);
    await db.$executeRaw`update sign_in_attempt set last_at = sync_now() - interval '61 minutes'`;
    await failSignIns(db, ACCOUNT, 1);
    expect(await takeTry(db, [ACCOUNT])).toBe(0);
  });

  test("an office behind one address may mistype more often than one person", async ({ db }) => {
    await failSignIns(db, { kind: "address", name: FROM.address }, 19);
    expect(await takeTry(db, [{ kind: "address", name: FROM.address }])).toBe(0);
  });
});
