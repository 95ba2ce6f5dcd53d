import { describe, expect, test } from "vitest";
import { leastRoleFor, mayDo, refusalDigest, roleNeeded } from "@/lib/access/permissions";

describe("who may do what", () => {
  test("only an administrator opens and closes the gate, and sets up connections", () => {
    for (const permission of ["gate:operate", "connections:write"] as const) {
      expect(mayDo("viewer", permission)).toBe(false);
      expect(mayDo("operator", permission)).toBe(false);
      expect(mayDo("administrator", permission)).toBe(true);
      expect(leastRoleFor(permission)).toBe("administrator");
    }
  });

  test("an operator acts on entries and tries connections again; a viewer only looks", () => {
    for (const permission of ["queue:act", "connections:retry"] as const) {
      expect(mayDo("viewer", permission)).toBe(false);
      expect(mayDo("operator", permission)).toBe(true);
      expect(leastRoleFor(permission)).toBe("operator");
    }
    expect(mayDo("viewer", "queue:read")).toBe(true);
  });

  test("a role that nobody knows may do nothing", () => {
    expect(mayDo("owner", "queue:read")).toBe(false);
    expect(mayDo("", "gate:read")).toBe(false);
    expect(mayDo("constructor", "gate:read")).toBe(false);
  });

  test("a refused page tells the browser the role that it needs, and a failed one tells none", () => {
    expect(roleNeeded(refusalDigest("connections:write"))).toBe("administrator");
    expect(roleNeeded(refusalDigest("queue:act"))).toBe("operator");
    for (const other of [undefined, "1863778247", "role-needed:", "role-needed:owner"])
      expect(roleNeeded(other)).toBeNull();
  });
});
