"use server";
import { z } from "zod";
import { act, type Done, type NotDone, reason } from "@/app/(console)/act";
import { database } from "@/lib/db/database";
import { retryEverything, retryGroup } from "@/lib/error-log/act-store";

const group = z.object({ code: z.string().min(1).max(60), cause: z.string().max(400), reason });

/** Tries everything of one cause again. */
export async function retryErrorGroup(raw: unknown): Promise<Done | NotDone> {
  return act("queue:act", group, raw, async (input, by) => {
    const changed = await retryGroup(database(), { ...input, by });
    if (changed > 0) return { ok: true, changed };
    return { ok: false, message: "Nothing was retried: these errors have ended meanwhile." };
  });
}

/** Tries every error again, stopped connections as well. */
export async function retryAllErrors(raw: unknown): Promise<Done | NotDone> {
  return act("queue:act", z.object({ reason }), raw, async (input, by) => {
    const changed = await retryEverything(database(), { ...input, by });
    if (changed > 0) return { ok: true, changed };
    return { ok: false, message: "Nothing was retried: no error stands any more." };
  });
}
