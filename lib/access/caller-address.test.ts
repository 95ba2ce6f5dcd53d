import { describe, expect, test } from "vitest";
import { callerAddress, namedCaller } from "@/lib/access/caller-address";
import { parseRanges } from "@/lib/connectors/address-guard";

const OUR_PROXIES = parseRanges("127.0.0.0/8, ::1/128, 10.0.0.0/24", "TRUSTED_PROXIES");
const from = (socket: string, header?: string) => callerAddress(socket, header, OUR_PROXIES);

describe("who calls", () => {
  test("is whoever holds the socket, whatever they write into the header", () => {
    expect(from("192.0.2.7")).toBe("192.0.2.7");
    expect(from("192.0.2.7", "198.51.100.1")).toBe("192.0.2.7");
    expect(from("192.0.2.7", "127.0.0.1, 10.0.0.5")).toBe("192.0.2.7");
  });

  test("behind our proxy is whom the proxy saw, not what they told the proxy", () => {
    expect(from("127.0.0.1", "192.0.2.7")).toBe("192.0.2.7");
    expect(from("127.0.0.1", "198.51.100.1, 192.0.2.7")).toBe("192.0.2.7");
    expect(from("::ffff:127.0.0.1", "192.0.2.7")).toBe("192.0.2.7");
  });

  test("behind two of our proxies is whom the outer one saw", () => {
    expect(from("::1", "198.51.100.1, 192.0.2.7, 10.0.0.5")).toBe("192.0.2.7");
  });

  test("is our proxy's own machine when nobody else is named", () => {
    expect(from("127.0.0.1")).toBe("127.0.0.1");
    expect(from("127.0.0.1", "")).toBe("127.0.0.1");
    expect(from("127.0.0.1", "10.0.0.5")).toBe("10.0.0.5");
  });

  test("is counted under what stands there when that is no address, and never under much of it", () => {
    expect(from("127.0.0.1", "unknown")).toBe("unknown");
    expect(from("127.0.0.1", "x".repeat(1_000))).toHaveLength(64);
  });

  test("is read by what answers as the last address, and nobody when there is none", () => {
    expect(namedCaller("192.0.2.7")).toBe("192.0.2.7");
    expect(namedCaller("10.9.9.9, 192.0.2.7")).toBe("192.0.2.7");
    expect(namedCaller(null)).toBeNull();
    expect(namedCaller(" ")).toBeNull();
  });
});
