import { describe, expect } from "vitest";
import {
  acceptInvitation,
  changePassword,
  changeRole,
  endOtherSessions,
  endSessionOf,
  invitationOf,
  invite,
  listInvitations,
  listPeople,
  listSessions,
  setDisabled,
} from "@/lib/access/people-store";
import { readSession, startSession } from "@/lib/access/session-store";
import { signInWith } from "@/lib/access/sign-in";
import { createToken, listTokens, readToken, revokeToken } from "@/lib/access/token-store";
import type { Db } from "@/lib/db/database";
import { test } from "@/lib/testing/database";
import { failSignIns } from "@/lib/testing/failed-sign-ins";

const by = "ada@example.com";
const PASSWORD = "a sentence is a fine password";

async function joined(db: Db, name: string, role: "viewer" | "administrator") {
  const email = `${name}@example.com`;
  await acceptInvitation(db, await invite(db, { name, email, role, by }), PASSWORD);
  const { id } = await db.user.findUniqueOrThrow({ where: { email } });
  return { id, email };
}

describe("somebody who is invited", () => {
  test("makes the account by a link that works once, with the role they were invited to", async ({
    db,
  }) => {
    const token = await invite(db, { name: "Bob", email: "bob@example.com", role: "operator", by });
    expect(await invitationOf(db, token)).toEqual({ name: "Bob", email: "bob@example.com" });
    expect(await listInvitations(db)).toMatchObject([{ email: "bob@example.com", invitedBy: by }]);
    expect(await acceptInvitation(db, token, PASSWORD)).toBe(true);
    expect(await acceptInvitation(db, token, "another password entirely")).toBe(false);
    expect(await listPeople(db)).toMatchObject([{ name: "Bob", role: "operator", sessions: 0 }]);
    const signedIn = await signInWith(db, {
      email: "bob@example.com",
      password: PASSWORD,
      address: null,
      userAgent: null,
    });
    expect(signedIn).toHaveProperty("sessionId");
  });

  test("has one link that works: the latest", async ({ db }) => {
    const bob = { name: "Bob", email: "bob@example.com", role: "viewer", by } as const;
    const first = await invite(db, bob);
    const second = await invite(db, bob);
    expect(await acceptInvitation(db, first, PASSWORD)).toBe(false);
    expect(await acceptInvitation(db, second, PASSWORD)).toBe(true);
    await expect(invite(db, bob)).rejects.toThrow("has an account already");
  });
});

describe("an administrator", () => {
  test("who disables somebody locks them out at once, in the middle of what they do", async ({
    db,
  }) => {
    const { id } = await joined(db, "bob", "viewer");
    await joined(db, "eve", "administrator");
    const sessionId = await startSession(db, id, null);
    await setDisabled(db, { id, disabled: true, by });
    expect(await readSession(db, sessionId)).toBeNull();
    await setDisabled(db, { id, disabled: false, by });
    // The session does not come back with the account.
    expect(await readSession(db, sessionId)).toBeNull();
  });

  test("can neither disable nor demote the last one, even if two try at the same moment", async ({
    db,
  }) => {
    const one = await joined(db, "one", "administrator");
    const two = await joined(db, "two", "administrator");
    const both = await Promise.allSettled([
      setDisabled(db, { id: one.id, disabled: true, by: two.email }),
      setDisabled(db, { id: two.id, disabled: true, by: one.email }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const left = await db.user.findFirstOrThrow({ where: { disabledAt: null } });
    await expect(changeRole(db, { id: left.id, role: "viewer", by })).rejects.toThrow(
      "last administrator",
    );
  });
});

describe("one's own sessions", () => {
  test("end everywhere else with a new password, and the old one has to be right", async ({
    db,
  }) => {
    const { id } = await joined(db, "bob", "viewer");
    const [here, there] = [await startSession(db, id, null), await startSession(db, id, null)];
    const bob = await readSession(db, here);
    if (!bob) throw new Error("the session has not begun");
    const change = (old: string) => changePassword(db, bob, { old, next: "another fine password" });
    expect(await change("wrong")).toBe("wrong");
    expect(await readSession(db, there)).not.toBeNull();
    expect(await change(PASSWORD)).toBe("right");
    expect(await readSession(db, there)).toBeNull();
    expect(await readSession(db, here)).not.toBeNull();
  });

  test("do not let whoever sits there guess at the password: guesses wait, and are in the audit", async ({
    db,
  }) => {
    const { id } = await joined(db, "bob", "viewer");
    const bob = await readSession(db, await startSession(db, id, null));
    if (!bob) throw new Error("the session has not begun");
    const guess = () =>
      changePassword(db, bob, { old: "a guess", next: "the password of a thief" });
    expect(await guess()).toBe("wrong");
    await failSignIns(db, { kind: "account", name: bob.email }, 7);
    expect(await guess()).toEqual({ waitSeconds: expect.any(Number) });
    expect(await db.audit.count({ where: { action: "session.password_refused" } })).toBe(1);
  });

  test("are listed as long as they are of use, and end one by one, at once and in the audit", async ({
    db,
  }) => {
    const { id } = await joined(db, "bob", "viewer");
    const bob = await db.user.findUniqueOrThrow({ where: { id } });
    const here = await startSession(db, id, "Firefox");
    const there = await startSession(db, id, "a telephone");
    const idle = await startSession(db, id, "left open");
    const threeHoursAgo = new Date(Date.now() - 3 * 3_600_000);
    await db.session.update({ where: { id: idle }, data: { seenAt: threeHoursAgo } });
    const listed = await listSessions(db, id, here);
    expect(listed.map(({ id, isPresent }) => [id, isPresent])).toEqual(
      expect.arrayContaining([
        [here, true],
        [there, false],
      ]),
    );
    expect(listed).toHaveLength(2);

    await endSessionOf(db, { userId: id, sessionId: there, by: bob.email });
    expect([await readSession(db, here), await readSession(db, there)]).toEqual([
      expect.anything(),
      null,
    ]);
    expect(await db.audit.findFirst({ where: { action: "session.ended" } })).toMatchObject({
      actor: bob.email,
      subject: bob.email,
      detail: { userAgent: "a telephone" },
    });
    const again = endSessionOf(db, { userId: id, sessionId: there, by: bob.email });
    await expect(again).rejects.toThrow("ended already");
  });

  test("are nobody else's to end by their id", async ({ db }) => {
    const { id } = await joined(db, "bob", "viewer");
    const mia = await joined(db, "mia", "viewer");
    const hers = await startSession(db, mia.id, null);
    const attempt = endSessionOf(db, { userId: id, sessionId: hers, by });
    await expect(attempt).rejects.toThrow("ended already");
    expect(await readSession(db, hers)).not.toBeNull();
  });

  test("end but for the present one when somebody asks for that", async ({ db }) => {
    const { id } = await joined(db, "bob", "viewer");
    const [here, there] = [await startSession(db, id, null), await startSession(db, id, null)];
    expect(await endOtherSessions(db, { userId: id, presentId: here, by })).toBe(1);
    expect([await readSession(db, here), await readSession(db, there)]).toEqual([
      expect.anything(),
      null,
    ]);
  });
});

describe("a program's token", () => {
  test("is shown once, kept as a digest, and ends when it is revoked", async ({ db }) => {
    const token = await createToken(db, { name: "pipeline", role: "operator", days: 30, by });
    expect(await readToken(db, token)).toMatchObject({ name: "pipeline", role: "operator" });
    expect(JSON.stringify(await db.apiToken.findMany())).not.toContain(token);
    const [line] = await listTokens(db);
    expect(line?.expiresAt).not.toBeNull();
    await revokeToken(db, { id: line?.id ?? 0, by });
    expect(await readToken(db, token)).toBeNull();
    expect(await listTokens(db)).toEqual([]);
    await expect(
      createToken(db, { name: "pipeline", role: "viewer", days: null, by }),
    ).rejects.toThrow("another name");
  });
});
