import { randomUUID } from "node:crypto";
import { describe, expect } from "vitest";
import { endSession, readSession, startSession } from "@/lib/access/session-store";
import type { Db } from "@/lib/db/database";
import { test } from "@/lib/testing/database";

async function signedIn(db: Db, role = "operator") {
  const user = await db.user.create({
    data: { email: `${randomUUID()}@example.com`, name: "Ada", passwordHash: "none", role },
  });
  return { user, sessionId: await startSession(db, user.id, "a browser") };
}

/** Moves the database's clock: every time in its rows comes from this one function. */
async function passing(db: Db, interval: string): Promise<void> {
  await db.$executeRawUnsafe(`create or replace function sync_now() returns timestamptz(3)
    language sql volatile as $$ select (clock_timestamp() + interval '${interval}')::timestamptz(3) $$`);
}

describe("sessions", () => {
  test("a session tells who looks, with the role of just now", async ({ db }) => {
    const { user, sessionId } = await signedIn(db);
    expect(await readSession(db, sessionId)).toEqual({
      id: user.id,
      name: "Ada",
      email: user.email,
      role: "operator",
      sessionId,
      isPasswordOld: false,
    });
    await db.user.update({ where: { id: user.id }, data: { role: "viewer" } });
    expect((await readSession(db, sessionId))?.role).toBe("viewer");
  });

  test("an ended session is refused at once, and another of the same person is not", async ({
    db,
  }) => {
    const { user, sessionId } = await signedIn(db);
    const other = await startSession(db, user.id, null);
    await endSession(db, sessionId);
    expect(await readSession(db, sessionId)).toBeNull();
    expect(await readSession(db, other)).not.toBeNull();
  });

  test("disabling an account ends all its sessions at once", async ({ db }) => {
    const { user, sessionId } = await signedIn(db);
    await db.user.update({ where: { id: user.id }, data: { disabledAt: new Date() } });
    expect(await readSession(db, sessionId)).toBeNull();
  });

  test("two idle hours end a session", async ({ db }) => {
    const { sessionId } = await signedIn(db);
    await passing(db, "119 minutes");
    expect(await readSession(db, sessionId)).not.toBeNull();
    await passing(db, "240 minutes");
    expect(await readSession(db, sessionId)).toBeNull();
  });

  test("twelve hours end a session that was never idle", async ({ db }) => {
    const { sessionId } = await signedIn(db);
    for (let hour = 1; hour < 12; hour++) {
      await passing(db, `${hour} hours`);
      expect(await readSession(db, sessionId)).not.toBeNull();
    }
    await passing(db, "12 hours 1 second");
    expect(await readSession(db, sessionId)).toBeNull();
  });

  test("reading pages writes at most once a minute", async ({ db }) => {
    const { sessionId } = await signedIn(db);
    const seenAt = async () =>
      (await db.session.findUniqueOrThrow({ where: { id: sessionId } })).seenAt.getTime();
    const before = await seenAt();
    await readSession(db, sessionId);
    expect(await seenAt()).toBe(before);
    await passing(db, "2 minutes");
    await readSession(db, sessionId);
    expect(await seenAt()).toBeGreaterThan(before);
  });

  test("a role that nobody knows, a strange id and a made-up one belong to nobody", async ({
    db,
  }) => {
    const { sessionId } = await signedIn(db, "owner");
    expect(await readSession(db, sessionId)).toBeNull();
    expect(await readSession(db, "' or true --")).toBeNull();
    expect(await readSession(db, randomUUID())).toBeNull();
  });
});
