import "server-only";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { decode } from "next-auth/jwt";
import { cache } from "react";
import { leastRoleFor, mayDo, type Permission, refusalDigest } from "@/lib/access/permissions";
import { derivedSecret } from "@/lib/access/seal";
import { readSession, type SignedIn } from "@/lib/access/session-store";
import { sessionCookie } from "@/lib/data/auth-options";
import { database } from "@/lib/db/database";

export type Viewer = SignedIn;

/** Signed in, but without the right to do this. The message is for people. */
export class NotAllowed extends Error {
  /** Next hides what errors say from browsers, but for this. */
  readonly digest: string;

  constructor(permission: Permission) {
    super(`This needs the role ${leastRoleFor(permission)}.`);
    this.name = "NotAllowed";
    this.digest = refusalDigest(permission);
  }
}

/** Who looks. The session's row is read on each request, once per request. */
export const viewer = cache(async (): Promise<Viewer | null> => {
  const { name } = await sessionCookie();
  const token = (await cookies()).get(name)?.value;
  if (!token) return null;
  const decoded = await decode({ token, secret: derivedSecret("next-auth") }).catch(() => null);
  return typeof decoded?.sessionId === "string" ? readSession(database(), decoded.sessionId) : null;
});

/**
 * For pages and what they read. Who is not signed in is sent to the sign-in page, and comes back from
 * there; who lacks the right gets `NotAllowed`.
 */
export async function requirePermission(permission: Permission): Promise<Viewer> {
  const found = await viewer();
  if (!found) {
    const asked = (await headers()).get("x-asked-path");
    redirect(asked ? `/sign-in?next=${encodeURIComponent(asked)}` : "/sign-in");
  }
  if (!mayDo(found.role, permission)) throw new NotAllowed(permission);
  return found;
}

/** For routes: the viewer, or the answer to give instead. */
export async function viewerFor(permission: Permission): Promise<Viewer | Response> {
  const found = await viewer();
  if (!found) return refusal(401, "Your session has ended. Sign in again.");
  if (!mayDo(found.role, permission)) return refusal(403, new NotAllowed(permission).message);
  return found;
}

function refusal(status: number, message: string): Response {
  return Response.json({ message }, { status, headers: { "Cache-Control": "no-store" } });
}
