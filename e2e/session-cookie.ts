import { encode } from "next-auth/jwt";
import type { Role } from "@/lib/access/permissions";
import { derivedSecret } from "@/lib/access/seal";
import { startSession } from "@/lib/access/session-store";
import type { Db } from "@/lib/db/database";

const NAMES: Record<Role, string> = { viewer: "Vic", operator: "Olga", administrator: "Ada" };

/** Makes a person of this role and returns the cookie of a session of theirs, as a browser would send it. */
export async function sessionCookieOf(
  db: Db,
  key: Buffer,
  role: Role = "administrator",
): Promise<string> {
  const { identity } = await db.node.findUniqueOrThrow({ where: { id: 1 } });
  const name = NAMES[role];
  const email = `${name.toLowerCase()}@example.com`;
  const { id } = await db.user.create({ data: { email, name, passwordHash: "none", role } });
  const sessionId = await startSession(db, id, null);
  const secret = derivedSecret("next-auth", key);
  return `exalate-${identity.slice(0, 8)}.session=${await encode({ token: { sessionId }, secret })}`;
}
