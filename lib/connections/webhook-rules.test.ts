import { describe, expect, test } from "vitest";
import {
  addressKey,
  doubtOf,
  withKey,
  withoutKey,
  withoutSecrets,
} from "@/lib/access/webhook-secret";
import {
  type Ours,
  type Standing,
  webhookAddress,
  webhookName,
  whatIsDue,
  whoseIs,
} from "@/lib/connections/webhook-rules";

const ours: Ours = {
  connectionId: 7,
  connectionName: "Acme partner",
  side: "local",
  address: webhookAddress("https://sync.example.com/", 7, "local"),
  identity: "0a1b2c3d-0000-4000-8000-000000000000",
  copyOf: "99887766-0000-4000-8000-000000000000",
};
const secret = "s3cret";

describe("a webhook in an instance's list", () => {
  const elsewhere = "https://old.example.com/api/webhooks/7?side=local";
  const original = webhookName({ ...ours, identity: ours.copyOf ?? "" });
  test.for([
    ["ours by its address, whatever it is called", "Anna's", ours.address, "ours"],
    ["ours when its address carries a key", "x", withKey(ours.address, secret), "ours"],
    ["the other side's", "x", ours.address.replace("local", "remote"), null],
    ["another connection's", "x", ours.address.replace("/7", "/8"), null],
    ["ours by its name, at another address", webhookName(ours), elsewhere, "elsewhere"],
    ["the same way in at another address, by hand", "by hand", elsewhere, "elsewhere"],
    ["the original's, in a copy", original, elsewhere, "original"],
    ["an unrelated node's", "Exalate: x [12345678-7-local]", elsewhere, null],
    ["somebody else's", "CI", "https://ci.example.com/hook", null],
    ["not even an address", "CI", "nonsense", null],
  ] as const)("is known: %s", ([, name, url, whose]) => {
    expect(whoseIs({ name, url }, ours)).toBe(whose);
  });
});

describe("what a person wants of the webhooks there", () => {
  const standing = (id: string, over: Partial<Standing> = {}): Standing => ({
    whose: "ours",
    lacks: null,
    listed: {
      id,
      name: "by hand",
      url: ours.address,
      events: [],
      isEnabled: true,
      excludesBody: false,
      filter: null,
      checksCertificate: false,
      createdAt: null,
      failed: null,
    },
    ...over,
  });
  const signing = { signs: true, secret };

  test("registers one where there is none, beside those of other addresses", () => {
    const others = [standing("1", { whose: "elsewhere" }), standing("2", { whose: "original" })];
    expect(whatIsDue("register", ours, others, signing)).toEqual([
      {
        kind: "create",
        wanted: { name: webhookName(ours), url: ours.address, secret, checksCertificate: null },
      },
    ]);
  });

  test("puts one right in its place, and leaves how it treats certificates", () => {
    const there = [standing("3", { lacks: "secret" })];
    expect(whatIsDue("register", ours, there, signing)).toMatchObject([
      { kind: "update", id: "3", wanted: { checksCertificate: false } },
    ]);
  });

  test("needs nothing where one suits, however many others are there", () => {
    const there = [standing("3", { lacks: "secret" }), standing("4")];
    expect(whatIsDue("register", ours, there, signing)).toEqual([]);
  });

  test("removes all of ours, and none of another address", () => {
    const there = [standing("3"), standing("4"), standing("5", { whose: "elsewhere" })];
    expect(whatIsDue("remove", ours, there, signing)).toEqual([
      { kind: "remove", id: "3" },
      { kind: "remove", id: "4" },
    ]);
  });

  test("puts a key into the address of an instance that does not sign", () => {
    const [due] = whatIsDue("register", ours, [], { signs: false, secret });
    if (due?.kind !== "create") throw new Error("nothing is created");
    expect(new URL(due.wanted.url).searchParams.get("key")).toBe(addressKey(secret));
    expect(withoutKey(due.wanted.url)).toBe(ours.address);
  });
});

describe("an event", () => {
  const body = Buffer.from('{"webhookEvent":"x"}');
  const right = "sha256=2f1d6e7d7b6a6d0a0c4a1a4a";
  test("is proven by its signature or by the key in its address, and by nothing else", () => {
    expect(doubtOf(body, secret, { signature: null, key: addressKey(secret) })).toBeNull();
    expect(doubtOf(body, secret, { signature: null, key: null })).toMatch(/not signed/);
    expect(doubtOf(body, secret, { signature: null, key: secret })).toMatch(/key/);
    expect(doubtOf(body, secret, { signature: null, key: "" })).toMatch(/key/);
    // A wrong signature is a sign that somebody altered it: the right key does not help.
    expect(doubtOf(body, secret, { signature: right, key: addressKey(secret) })).toMatch(
      /signature is wrong/,
    );
  });

  test("and what proves it stays out of what is kept", () => {
    const text = `{"url":"${withKey(ours.address, secret)}","SECRET":"${secret}"}`;
    const kept = withoutSecrets(text, secret);
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain(addressKey(secret));
  });
});
