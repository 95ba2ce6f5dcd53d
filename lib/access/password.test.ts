import { scryptSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hashPassword, isPassword } from "@/lib/access/password";

describe("passwords", () => {
  test("a password is recognised, another is not, and two hashes of one differ", async () => {
    const stored = await hashPassword("correct horse battery");
    expect(stored).toMatch(/^scrypt\$131072\$8\$1\$/);
    expect(await isPassword("correct horse battery", stored)).toBe(true);
    expect(await isPassword("correct horse batterz", stored)).toBe(false);
    expect(await hashPassword("correct horse battery")).not.toBe(stored);
  });

  test("a hash made under other settings is still recognised", async () => {
    const salt = Buffer.alloc(16, 7);
    const hash = scryptSync("of old", salt, 32, { N: 1024, r: 8, p: 1 });
    const stored = `scrypt$1024$8$1$${salt.toString("base64url")}$${hash.toString("base64url")}`;
    expect(await isPassword("of old", stored)).toBe(true);
    expect(await isPassword("of now", stored)).toBe(false);
  });

  test("the same letters in another Unicode form are the same password", async () => {
    expect(await isPassword("caf\u00e9 au lait", await hashPassword("cafe\u0301 au lait"))).toBe(
      true,
    );
  });

  test("an account that does not exist takes the work of one that does, and is never right", async () => {
    const stored = await hashPassword("correct horse battery");
    const known = await workOf(() => isPassword("wrong", stored));
    const unknown = await workOf(() => isPassword("wrong", null));
    expect(await isPassword("", null)).toBe(false);
    // Without the same work it would be a thousandth.
    expect(unknown).toBeGreaterThan(known / 4);
  });
});

/** The processor's time, since the clock's depends on what else the machine does. */
async function workOf(action: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
