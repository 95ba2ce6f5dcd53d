import "server-only";
import type {
  About,
  InvitationLine,
  PersonLine,
  SessionLine,
  TokenLine,
} from "@/lib/access/people";
import {
  invitationOf,
  listInvitations as listInvitationsFrom,
  listPeople as listPeopleFrom,
  listSessions,
} from "@/lib/access/people-store";
import { listTokens as listTokensFrom } from "@/lib/access/token-store";
import { requirePermission } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { readAbout as readAboutFrom } from "@/lib/gate/about-store";

/** Everybody who may sign in, and who was invited. */
export async function readPeople(): Promise<{
  people: PersonLine[];
  invitations: InvitationLine[];
}> {
  await requirePermission("access:manage");
  const db = database();
  return { people: await listPeopleFrom(db), invitations: await listInvitationsFrom(db) };
}

/** The tokens of programs. */
export async function readTokens(): Promise<TokenLine[]> {
  await requirePermission("access:manage");
  return listTokensFrom(database());
}

/** The viewer's own open sessions. */
export async function readMySessions(): Promise<SessionLine[]> {
  const viewer = await requirePermission("gate:read");
  return listSessions(database(), viewer.id, viewer.sessionId);
}

/** What runs here: versions, database, workers. */
export async function readAbout(): Promise<About> {
  await requirePermission("gate:read");
  return readAboutFrom(database());
}

/** Who an invitation is for; null when it does not work any more. The link itself is the permission. */
export async function readInvitation(
  token: string,
): Promise<{ name: string; email: string } | null> {
  return invitationOf(database(), token);
}
