"use server";
import { z } from "zod";
import { newAdministrator, welcome } from "@/lib/access/first-administrator";
import { database } from "@/lib/db/database";

const input = newAdministrator.extend({ token: z.string().max(100) });

/** Makes the first administrator with the link that the node printed. Works once, and only while there is nobody. */
export async function createFirstAdministrator(
  raw: unknown,
): Promise<{ ok: true } | { ok: false; message: string }> {
  const parsed = input.safeParse(raw);
  if (!parsed.success) return { ok: false, message: z.prettifyError(parsed.error) };
  const { token, ...person } = parsed.data;
  if (await welcome(database(), token, person)) return { ok: true };
  return {
    ok: false,
    message:
      "This link does not work any more: it was used or has expired. Restart the console for a new one.",
  };
}
