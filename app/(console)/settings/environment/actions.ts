"use server";
import { act, type Done, type NotDone } from "@/app/(console)/act";
import { database } from "@/lib/db/database";
import { env } from "@/lib/env";
import { environmentInput } from "@/lib/settings/environment-input";
import { changeEnvironment as changeEnvironmentIn } from "@/lib/settings/environment-store";

/** Names and colours this node. */
export async function changeEnvironment(raw: unknown): Promise<Done | NotDone> {
  return act("settings:write", environmentInput, raw, async (wanted, by) => {
    await changeEnvironmentIn(database(), { ...wanted, told: env().NODE_LABEL ?? null, by });
    return { ok: true };
  });
}
