import { encode } from "next-auth/jwt";
import { derivedSecret } from "@/lib/access/seal";
import { startSession } from "@/lib/access/session-store";
import type { Db } from "@/lib/db/database";

/** Makes an administrator and returns the cookie of a session of theirs, as a browser would send it. */
export async function sessionCookieOf(db: Db, key: Buffer): Promise<string> {
  const { identity } = await db.node.findUniqueOrThrow({ where: { id: 1 } });
  const { id } = await db.user.create({
    data: { email: "ada@example.com", name: "Ada", passwordHash: "none", role: "administrator" },
  });
  const sessionId = await startSession(db, id, null);
  const secret = derivedSecret("next-auth", key);
  return `exalate-${identity.slice(0, 8)}.session=${await encode({ token: { sessionId }, secret })}`;
}
