/** What a person or a token may do, by role. The one table that every page, action and route asks. */
export const ROLES = ["viewer", "operator", "administrator"] as const;
export type Role = (typeof ROLES)[number];

const VIEWER = ["gate:read", "queue:read", "connections:read", "permits:read"] as const;
const OPERATOR = [...VIEWER, "queue:act", "connections:retry", "audit:read"] as const;
const ADMINISTRATOR = [
  ...OPERATOR,
  "gate:operate",
  "connections:write",
  "access:manage",
  "settings:write",
] as const;

/** Everything that can be asked for, what more people may do first. */
export const PERMISSIONS = ADMINISTRATOR;
export type Permission = (typeof PERMISSIONS)[number];

const GRANTED: Record<Role, readonly Permission[]> = {
  viewer: VIEWER,
  operator: OPERATOR,
  administrator: ADMINISTRATOR,
};

/** Whether a text names a role of this version. */
export function isRole(value: string): value is Role {
  return (ROLES as readonly string[]).includes(value);
}

/** A role that is not in the table (a newer schema, a typing error) may do nothing. */
export function mayDo(role: string, permission: Permission): boolean {
  return isRole(role) && GRANTED[role].includes(permission);
}

/** In a person's words, for "this needs the role …". */
export function leastRoleFor(permission: Permission): Role {
  return ROLES.find((role) => GRANTED[role].includes(permission)) ?? "administrator";
}

const DIGEST = "role-needed:";

/** What the browser is told of a page that was refused: the role, and nothing else. See `roleNeeded`. */
export function refusalDigest(permission: Permission): string {
  return DIGEST + leastRoleFor(permission);
}

/** The role that a refused page needs; null for a page that failed for another reason. */
export function roleNeeded(digest: string | undefined): Role | null {
  const role = digest?.startsWith(DIGEST) ? digest.slice(DIGEST.length) : "";
  return isRole(role) ? role : null;
}
