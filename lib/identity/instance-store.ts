import { recordAudit } from "@/lib/audit/audit-store";
import { SetupError } from "@/lib/connections/setup-error";
import type { Probe } from "@/lib/connectors/connector";
import type { Db } from "@/lib/db/database";
import type { Instance } from "@/lib/db/generated/client";
import { SyncError } from "@/lib/errors";
import { fromParts, sameParts, toParts } from "@/lib/identity/address";
import { checkInstance, confirmedSchema } from "@/lib/identity/instance-identity";

/**
 * Compares what an instance says of itself with what was confirmed, and keeps what was seen. Throws
 * `SyncError` when a person has to confirm it; nothing of it may be used until then.
 */
export async function noteProbe(db: Db, instance: Instance, probe: Probe): Promise<void> {
  if (!probe.reportedUrl) return;
  const seen = { reported: toParts(probe.reportedUrl), applicationId: probe.applicationId };
  const confirmed = confirmedSchema.safeParse(instance.confirmed);
  const known = confirmed.success ? confirmed.data : null;
  const check = checkInstance(instance.name, instance.baseUrl, known, seen);
  const isNews =
    JSON.stringify(instance.seen) !==
    JSON.stringify({ address: toParts(instance.baseUrl), ...seen });
  if (isNews || check.kind === "confirm")
    await db.instance.update({
      where: { id: instance.id },
      data: {
        seen: { address: toParts(instance.baseUrl), ...seen },
        ...(check.kind === "confirm" ? { confirmed: check.confirmed } : {}),
      },
    });
  if (check.kind === "ask") throw new SyncError("another_instance", check.message);
}

/** An address that was replaced in the database since it was confirmed is not used, not even once. */
export function refuseMoved({ name, baseUrl, confirmed }: Instance): void {
  const known = confirmedSchema.safeParse(confirmed);
  const check = checkInstance(name, baseUrl, known.success ? known.data : null, null);
  if (check.kind === "ask") throw new SyncError("another_instance", check.message);
}

/** A person says that an instance is the one that is meant. What was shown must still be what is seen. */
export async function confirmInstance(
  db: Db,
  input: { id: number; reported: string; applicationId: string | null; by: string },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const instance = await tx.instance.findUnique({ where: { id: input.id } });
    if (!instance) throw new SetupError("not_found", "there is no such instance");
    const seen = confirmedSchema.safeParse(instance.seen);
    if (
      !seen.success ||
      !sameParts(seen.data.address, toParts(instance.baseUrl)) ||
      fromParts(seen.data.reported) !== fromParts(toParts(input.reported)) ||
      seen.data.applicationId !== input.applicationId
    )
      throw new SetupError("conflict", "it says something else by now: look again, then confirm");
    const confirmed = { ...seen.data, address: toParts(instance.baseUrl) };
    await tx.instance.update({ where: { id: input.id }, data: { confirmed } });
    // What stopped for this only goes on at once.
    await tx.connection.updateMany({
      where: {
        errorCode: "another_instance",
        OR: [{ localInstanceId: input.id }, { remoteInstanceId: input.id }],
      },
      data: { errorCode: null, errorMessage: null, errorAt: null, errorCount: 0, retryAt: null },
    });
    await tx.$executeRaw`select pg_notify('sync_changed', ''), pg_notify('sync_wake', '')`;
    await recordAudit(tx, {
      actor: input.by,
      action: "instance.confirmed",
      subject: instance.name,
      detail: confirmed,
    });
  });
}
