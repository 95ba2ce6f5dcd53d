"use server";
import { type Answer, act, type Done, type NotDone } from "@/app/(console)/act";
import { database } from "@/lib/db/database";
import { env } from "@/lib/env";
import { mailInput, testMailInput } from "@/lib/mail/mail-input";
import {
  saveMailSettings as saveMailSettingsIn,
  sendTestMail as sendTestMailBy,
} from "@/lib/mail/settings-store";

/** Saves how mail is sent, to whom and what for. */
export async function saveMailSettings(raw: unknown): Promise<Done | NotDone> {
  return act("settings:write", mailInput, raw, async (input, by) => {
    await saveMailSettingsIn(database(), { ...input, by });
    return { ok: true };
  });
}

/** Sends a mail by these settings, saved or not; the answer is the server's own. */
export async function sendTestMail(
  raw: unknown,
): Promise<Answer<{ isSent: boolean; answer: string }>> {
  let value = { isSent: false, answer: "" };
  const result = await act("settings:write", testMailInput, raw, async (input, by) => {
    value = await sendTestMailBy(database(), { ...input, by }, env());
    return { ok: true };
  });
  return result.ok ? { ok: true, value } : result;
}
