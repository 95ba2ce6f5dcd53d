import { describe, expect } from "vitest";
import { ensureFirstAdministrator, isLink, welcome } from "@/lib/access/first-administrator";
import { isPassword } from "@/lib/access/password";
import { keepToken, readToken } from "@/lib/access/token-store";
import { test } from "@/lib/testing/database";

const GIVEN = { email: "Ada@example.com", password: "correct horse battery" };
const PERSON = { name: "Grace", email: "grace@example.com", password: "another good one" };
const TOKEN = "a-token-of-at-least-24-characters";

describe("the first administrator", () => {
  test("comes from the environment, once, even when two consoles start together", async ({
    db,
  }) => {
    await Promise.all([ensureFirstAdministrator(db, GIVEN), ensureFirstAdministrator(db, GIVEN)]);
    const [ada, ...others] = await db.user.findMany();
    expect(others).toEqual([]);
    expect(ada).toMatchObject({ email: "ada@example.com", role: "administrator" });
    expect(await isPassword(GIVEN.password, ada?.passwordHash ?? null)).toBe(true);
    expect(await ensureFirstAdministrator(db, { ...GIVEN, email: "eve@example.com" })).toBeNull();
    expect(await db.user.count()).toBe(1);
  });

  test("comes from a link that works for one person, even when two use it together", async ({
    db,
  }) => {
    const link = (await ensureFirstAdministrator(db, null)) ?? "";
    expect(await isLink(db, link)).toBe(true);
    const results = await Promise.all([
      welcome(db, link, PERSON),
      welcome(db, link, { ...PERSON, email: "eve@example.com" }),
    ]);
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await db.user.count()).toBe(1);
    expect(await isLink(db, link)).toBe(false);
  });

  test("a second link, printed by an earlier start, does nothing once somebody can sign in", async ({
    db,
  }) => {
    const earlier = (await ensureFirstAdministrator(db, null)) ?? "";
    const link = (await ensureFirstAdministrator(db, null)) ?? "";
    expect(await welcome(db, link, PERSON)).toBe(true);
    expect(await welcome(db, earlier, { ...PERSON, email: "eve@example.com" })).toBe(false);
  });

  test("two links used together make one administrator, which the audit tells", async ({ db }) => {
    const one = (await ensureFirstAdministrator(db, null)) ?? "";
    const other = (await ensureFirstAdministrator(db, null)) ?? "";
    const results = await Promise.all([
      welcome(db, one, PERSON),
      welcome(db, other, { ...PERSON, email: "eve@example.com" }),
    ]);
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await db.user.count()).toBe(1);
    expect(await db.audit.count({ where: { action: "person.created" } })).toBe(1);
  });

  test("a link expires after a day, and a made-up one never worked", async ({ db }) => {
    const link = (await ensureFirstAdministrator(db, null)) ?? "";
    await db.oneTimeLink.updateMany({ data: { expiresAt: new Date(Date.now() - 1_000) } });
    expect(await welcome(db, link, PERSON)).toBe(false);
    expect(await welcome(db, "made up", PERSON)).toBe(false);
    expect(await db.user.count()).toBe(0);
  });
});

describe("API tokens", () => {
  test("a token is known by its digest only, and its text is not in the database", async ({
    db,
  }) => {
    await keepToken(db, "first token", TOKEN, "operator");
    expect(await readToken(db, TOKEN)).toMatchObject({ name: "first token", role: "operator" });
    expect(await readToken(db, `${TOKEN}.`)).toBeNull();
    expect(JSON.stringify(await db.apiToken.findMany())).not.toContain(TOKEN);
  });

  test("a revoked or expired token opens nothing", async ({ db }) => {
    await keepToken(db, "first token", TOKEN, "operator");
    await db.apiToken.updateMany({ data: { expiresAt: new Date(Date.now() - 1_000) } });
    expect(await readToken(db, TOKEN)).toBeNull();
    await db.apiToken.updateMany({ data: { expiresAt: null, revokedAt: new Date() } });
    expect(await readToken(db, TOKEN)).toBeNull();
  });

  test("a revoked token stays revoked when the console restarts with it", async ({ db }) => {
    await keepToken(db, "first token", TOKEN, "administrator");
    await db.apiToken.updateMany({ data: { revokedAt: new Date() } });
    await keepToken(db, "first token", TOKEN, "administrator");
    expect(await readToken(db, TOKEN)).toBeNull();
  });

  test("using a token is noted at most once a minute", async ({ db }) => {
    await keepToken(db, "first token", TOKEN, "operator");
    const usedAt = async () => (await db.apiToken.findFirstOrThrow()).lastUsedAt;
    await readToken(db, TOKEN);
    const first = await usedAt();
    await readToken(db, TOKEN);
    expect(first).not.toBeNull();
    expect(await usedAt()).toEqual(first);
  });

  test("a new first token replaces the old one", async ({ db }) => {
    await keepToken(db, "first token", TOKEN, "administrator");
    await keepToken(db, "first token", `${TOKEN}-2`, "administrator");
    expect(await readToken(db, TOKEN)).toBeNull();
    expect(await readToken(db, `${TOKEN}-2`)).not.toBeNull();
  });
});
