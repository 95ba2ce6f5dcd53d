import { forgetFailures, type Subject, takeTry } from "@/lib/access/attempt-store";
import { isPassword } from "@/lib/access/password";
import { notePassword, type SignedIn, startSession } from "@/lib/access/session-store";
import { recordAudit } from "@/lib/audit/audit-store";
import type { Db } from "@/lib/db/database";

export type SignInInput = {
  email: string;
  password: string;
  address: string | null;
  userAgent: string | null;
};
export type SignInResult =
  | { sessionId: string; user: { id: number; name: string; email: string } }
  | { refused: "wrong" }
  | { refused: "wait"; seconds: number };

/**
 * Signs a person in. A wrong password, an unknown account and a disabled one are one answer that takes
 * one time. Tries are counted in the database, so that a restart forgets none.
 */
export async function signInWith(db: Db, input: SignInInput): Promise<SignInResult> {
  const email = input.email.trim().toLowerCase();
  const detail = { address: input.address };
  const account: Subject = { kind: "account", name: email };
  const subjects = input.address
    ? [account, { kind: "address", name: input.address } as const]
    : [account];
  const seconds = await takeTry(db, subjects);
  if (seconds > 0) return { refused: "wait", seconds };

  const user = await db.user.findUnique({ where: { email } });
  const isRight = await isPassword(input.password, user?.passwordHash ?? null);
  if (!user || !isRight || user.disabledAt) {
    await recordAudit(db, { actor: email, action: "session.refused", detail });
    return { refused: "wrong" };
  }
  return db.$transaction(async (tx) => {
    await forgetFailures(tx, account);
    const sessionId = await startSession(tx, user.id, input.userAgent);
    await recordAudit(tx, { actor: user.email, action: "session.started", detail });
    return { sessionId, user: { id: user.id, name: user.name, email: user.email } };
  });
}

export type PasswordAnswer = "right" | "wrong" | { waitSeconds: number };

/** A signed-in person enters the password again. Tries count like those of a sign-in. */
export async function confirmPassword(
  db: Db,
  person: SignedIn,
  password: string,
): Promise<PasswordAnswer> {
  const account: Subject = { kind: "account", name: person.email };
  const waitSeconds = await takeTry(db, [account]);
  if (waitSeconds > 0) return { waitSeconds };
  const user = await db.user.findUnique({ where: { id: person.id } });
  if (!(await isPassword(password, user?.passwordHash ?? null))) {
    await recordAudit(db, { actor: person.email, action: "session.password_refused" });
    return "wrong";
  }
  await db.$transaction(async (tx) => {
    await forgetFailures(tx, account);
    await notePassword(tx, person.sessionId);
    await recordAudit(tx, { actor: person.email, action: "session.password_confirmed" });
  });
  return "right";
}
