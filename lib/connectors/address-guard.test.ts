import { describe, expect, test } from "vitest";
import { isAllowedAddress, parseRanges } from "@/lib/connectors/address-guard";

describe("an address that an administrator typed", () => {
  test.each(["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])(
    "is connected to when it is public: %s",
    (address) => expect(isAllowedAddress(address, [])).toBe(true),
  );

  test.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "::1",
    "::",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.1.2.3",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
  ])("is refused when it is private, loopback or special: %s", (address) =>
    expect(isAllowedAddress(address, [])).toBe(false),
  );

  test("is connected to when a range allows it, also where IPv6 wraps it", () => {
    const allowed = parseRanges("10.0.0.0/8, ::1/128");
    expect(isAllowedAddress("10.1.2.3", allowed)).toBe(true);
    expect(isAllowedAddress("::ffff:10.1.2.3", allowed)).toBe(true);
    expect(isAllowedAddress("::1", allowed)).toBe(true);
    expect(isAllowedAddress("192.168.1.1", allowed)).toBe(false);
    expect(isAllowedAddress("fd00::1", allowed)).toBe(false);
  });

  test.each(["169.254.169.254", "::ffff:169.254.169.254", "fe80::1"])(
    "is never one where a cloud keeps its secrets, whatever is allowed: %s",
    (address) => expect(isAllowedAddress(address, parseRanges("0.0.0.0/0, ::/0"))).toBe(false),
  );

  test.each(["localhost", "0x7f000001", "127.1", ""])("is an address and no name: %s", (text) =>
    expect(isAllowedAddress(text, parseRanges("0.0.0.0/0"))).toBe(false),
  );
});

describe("ALLOWED_ADDRESSES", () => {
  test("may be empty", () => expect(parseRanges(" ")).toEqual([]));

  test("names what is wrong in it", () =>
    expect(() => parseRanges("10.0.0.0/8, example.com")).toThrow(/"example.com" is not a range/));
});
