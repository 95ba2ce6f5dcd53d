import "server-only";
import { isLink } from "@/lib/access/first-administrator";
import { database } from "@/lib/db/database";

/** Whether a first administrator's link still works. The link itself is the permission. */
export async function isWelcome(token: string): Promise<boolean> {
  return isLink(database(), token);
}
