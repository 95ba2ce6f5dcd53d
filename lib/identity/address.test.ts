import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromParts, sameParts, toParts } from "@/lib/identity/address";

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/).filter(
  // Two hyphens there announce a name in another alphabet, which may be no valid one.
  (text) => text.slice(2, 4) !== "--",
);
const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
const ipv4 = fc.ipV4();
const ipv6 = fc.ipV6().map((address) => `[${address}]`);
const port = fc.oneof(
  fc.constant(""),
  fc.integer({ min: 1, max: 65_535 }).map((n) => `:${n}`),
);
const path = fc
  .array(fc.stringMatching(/^[a-zA-Z0-9_~:|+-]{1,8}$/), { maxLength: 3 })
  .map((parts) => parts.map((part) => `/${part}`).join(""));
const address = fc
  .tuple(fc.constantFrom("http", "https"), fc.oneof(name, ipv4, ipv6), port, path)
  .map(([scheme, host, behind, below]) => `${scheme}://${host}${behind}${below}`);

/** As the platform writes it, without the slash that a bare host gets. */
const written = (text: string) => new URL(text).href.replace(/\/$/, "");

describe("an address in parts", () => {
  test("is the same address when it is put together again, whatever its scheme, host, port and path", () => {
    fc.assert(
      fc.property(address, (text) => {
        expect(fromParts(toParts(text))).toBe(written(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test.for([
    ["https://jira.example.com/jira", ["https", "jira", "example", "com", "/jira"]],
    ["http://10.0.0.5:8080", ["http", "10", "0", "0", "5", ":8080"]],
    ["https://JIRA.Example.com./Jira", ["https", "jira", "example", "com", "/Jira"]],
    ["http://localhost:4001", ["http", "local", "|host", ":4001"]],
    ["http://[::1]:4001", ["http", "[::", "|1]", ":4001"]],
  ] as const)("can still be read by a person: %s", ([text, parts]) => {
    expect(toParts(text)).toEqual(parts);
  });

  test.for(["http://localhost:4001", "http://jira:8080/jira", "https://[fd00::a5]:8443/jira"])(
    "comes back with a host that has no dots: %s",
    (text) => {
      expect(fromParts(toParts(text))).toBe(text);
    },
  );

  test("is not found by a search for its host or for the whole of it", () => {
    fc.assert(
      fc.property(address, (text) => {
        const { hostname, host, protocol, pathname } = new URL(text);
        // Of one letter there is nothing to take apart; a word that is in the path too is not only the host.
        fc.pre(hostname.length > 1 && !`${protocol}${pathname}`.includes(hostname));
        const kept = JSON.stringify(toParts(text));
        for (const searched of [text, written(text), host, hostname])
          expect(kept).not.toContain(searched);
      }),
      { numRuns: 2_000 },
    );
  });

  test("is the same after a search-and-replace over what was stored of it", () => {
    const before = "https://jira.example.com/jira";
    const stored = JSON.stringify({ address: toParts(before), url: before });
    const replaced = JSON.parse(stored.replaceAll("jira.example.com", "jira-test.example.com"));
    expect(replaced.url).toBe("https://jira-test.example.com/jira");
    expect(fromParts(replaced.address)).toBe(before);
    expect(sameParts(replaced.address, toParts(replaced.url))).toBe(false);
  });

  test.for([
    ["https://jira.example.com", "https://jira.example.com:443/"],
    ["http://jira.example.com:80/jira", "http://jira.example.com/jira/"],
    ["https://jira.example.com//jira", "https://JIRA.example.com/jira"],
  ] as const)("makes no difference between %s and %s", ([one, other]) => {
    expect(sameParts(toParts(one), toParts(other))).toBe(true);
  });

  test.for([
    ["https://jira.example.com", "http://jira.example.com"],
    ["https://jira.example.com", "https://jira.example.com:8443"],
    ["https://jira.example.com/jira", "https://jira.example.com"],
    ["https://jira.example.com/jira", "https://jira.example.com/Jira"],
    ["http://[fd00::a5]", "http://[fd00::a6]"],
    ["http://ab.c", "http://a.bc"],
  ] as const)("tells %s from %s", ([one, other]) => {
    expect(sameParts(toParts(one), toParts(other))).toBe(false);
  });

  test("is equal to nothing when it is not known", () => {
    expect(sameParts(null, null)).toBe(false);
    expect(sameParts(toParts("http://a.b"), null)).toBe(false);
  });

  test.for(["", "jira.example.com", "https://", "http://[::1"])(
    "is refused for what is none: %j",
    (text) => {
      expect(() => toParts(text)).toThrow(TypeError);
    },
  );
});
