"use server";
import { z } from "zod";
import { acceptInvitation as acceptInvitationIn } from "@/lib/access/people-store";
import { database } from "@/lib/db/database";

const input = z.strictObject({
  token: z.string().max(100),
  password: z.string().min(12, "at least 12 characters").max(200),
});

/** Makes the account of somebody who was invited. The link is the permission, and works once. */
export async function acceptInvitation(
  raw: unknown,
): Promise<{ ok: true } | { ok: false; message: string }> {
  const parsed = input.safeParse(raw);
  if (!parsed.success) return { ok: false, message: z.prettifyError(parsed.error) };
  if (await acceptInvitationIn(database(), parsed.data.token, parsed.data.password))
    return { ok: true };
  return {
    ok: false,
    message: "This link does not work any more: it was used or has expired. Ask for a new one.",
  };
}
