import "server-only";
import { revalidatePath } from "next/cache";
import { z } from "zod";
import { sentence } from "@/components/ui/words";
import { mayDo, type Permission } from "@/lib/access/permissions";
import { SetupError } from "@/lib/connections/setup-error";
import { NotAllowed, viewer } from "@/lib/data/viewer";
import { pool } from "@/lib/db/database";
import { notifySoon } from "@/lib/db/notify";
import { log } from "@/lib/log";

export type Done = {
  ok: true;
  changed?: number;
  workersWoken?: boolean;
  /** What a bulk action can be undone by, for ten minutes. */
  undoId?: string;
};
/** `asksPassword`: nothing was done; the password has to be entered again first. */
export type NotDone = { ok: false; message: string; asksPassword?: true };

/** Why somebody does something, as people may leave it out. */
export const reason = z
  .string()
  .trim()
  .max(500)
  .transform((text) => text || undefined)
  .optional();

/** What a person asked an instance for, or why there is no answer. */
export type Answer<T> = { ok: true; value: T } | NotDone;

/** Permission, schema, one look that changes nothing: what a page asks for while a person is at it. */
export async function look<Input, T>(
  permission: Permission,
  schema: z.ZodType<Input>,
  raw: unknown,
  read: (input: Input) => Promise<T>,
): Promise<Answer<T>> {
  let value: T | undefined;
  const result = await act(permission, schema, raw, async (input) => {
    value = await read(input);
    return { ok: true };
  });
  return result.ok ? { ok: true, value: value as T } : result;
}

/**
 * Permission, schema, one store call, a plain sentence for what surprises us: every action of the console.
 * `asksPassword`: what it does cannot be undone, so the password must have been entered lately.
 */
export async function act<Input>(
  permission: Permission,
  schema: z.ZodType<Input>,
  raw: unknown,
  store: (input: Input, by: string) => Promise<Done | NotDone>,
  { asksPassword = false } = {},
): Promise<Done | NotDone> {
  try {
    const person = await viewer();
    if (!person) return { ok: false, message: "Your session has ended. Sign in again." };
    if (!mayDo(person.role, permission)) {
      log.warn("an action was refused", { person: person.email, role: person.role, permission });
      return { ok: false, message: new NotAllowed(permission).message };
    }
    if (asksPassword && person.isPasswordOld)
      return {
        ok: false,
        message: "Enter your password again, then repeat this: nothing was done.",
        asksPassword: true,
      };
    const parsed = schema.safeParse(raw);
    if (!parsed.success) return { ok: false, message: z.prettifyError(parsed.error) };
    const result = await store(parsed.data, person.email);
    notifySoon(pool(), "sync_changed");
    notifySoon(pool(), "sync_wake");
    revalidatePath("/", "layout");
    return result;
  } catch (error) {
    if (error instanceof SetupError) return { ok: false, message: sentence(error.message) };
    log.error("an action failed", { permission, error: String(error) });
    return {
      ok: false,
      message:
        "This could not be done: the database did not answer as it should. Look at the state shown, then try again.",
    };
  }
}
