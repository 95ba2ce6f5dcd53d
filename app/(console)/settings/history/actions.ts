"use server";
import { type Answer, act, type Done, look, type NotDone } from "@/app/(console)/act";
import { database } from "@/lib/db/database";
import type { Removal } from "@/lib/settings/history";
import { periodsInput, removalInput } from "@/lib/settings/history-input";
import {
  changePeriods as changePeriodsIn,
  previewRemoval as previewRemovalFrom,
} from "@/lib/settings/history-store";

/** Keeps history for other periods. What a shorter one removes does not come back: the password is asked for. */
export async function changePeriods(raw: unknown): Promise<Done | NotDone> {
  return act(
    "settings:write",
    periodsInput,
    raw,
    async (periods, by) => {
      await changePeriodsIn(database(), { periods, by });
      return { ok: true };
    },
    { asksPassword: true },
  );
}

/** What a period would remove just now. */
export async function previewRemoval(raw: unknown): Promise<Answer<Removal | null>> {
  return look("settings:write", removalInput, raw, (asked) =>
    previewRemovalFrom(database(), asked),
  );
}
