import { invite } from "@/lib/access/people-store";
import { startSession } from "@/lib/access/session-store";
import { createToken } from "@/lib/access/token-store";
import type { Db } from "@/lib/db/database";
import type { Cases } from "@/lib/testing/api-cases";

/** Of people and of tokens: see `api-cases.ts`. */
export const CASES_OF_ACCESS: Cases = {
  listPeople: async (db) => {
    await person(db);
    await invite(db, { name: "Mia", email: "mia@example.com", role: "viewer", by: "ada" });
    return {};
  },
  invitePerson: async () => ({
    body: { name: "Mia", email: "mia@example.com", role: "operator" },
  }),
  changeRole: async (db) => ({
    params: { id: await person(db) },
    body: { role: "operator" },
  }),
  disablePerson: async (db) => ({ params: { id: await person(db) }, body: {} }),
  enablePerson: async (db) => {
    const id = await person(db);
    await db.user.update({ where: { id }, data: { disabledAt: new Date() } });
    return { params: { id }, body: {} };
  },
  listSessions: async (db) => ({ params: { id: await person(db) } }),
  endSession: async (db) => {
    const id = await person(db);
    const session = await db.session.findFirstOrThrow({ where: { userId: id } });
    return { params: { id, session: session.id } };
  },
  endSessions: async (db) => ({ params: { id: await person(db) } }),
  listTokens: async () => ({}),
  createToken: async () => ({ body: { name: "the pipeline", role: "operator", days: 90 } }),
  revokeToken: async (db) => {
    await createToken(db, { name: "the pipeline", role: "viewer", days: null, by: "ada" });
    const { id } = await db.apiToken.findUniqueOrThrow({ where: { name: "the pipeline" } });
    return { params: { id } };
  },
};

/** One of two administrators, signed in. */
async function person(db: Db): Promise<number> {
  for (const name of ["ada", "ben"])
    await db.user.create({
      data: { name, email: `${name}@example.com`, passwordHash: "none", role: "administrator" },
    });
  const { id } = await db.user.findUniqueOrThrow({ where: { email: "ben@example.com" } });
  await startSession(db, id, "a browser");
  return id;
}
