import { recordAudit } from "@/lib/audit/audit-store";
import { planAnew } from "@/lib/connections/change-store";
import { refuseTextFormat } from "@/lib/connections/connection-store";
import { SetupError } from "@/lib/connections/setup-error";
import { connectorFor } from "@/lib/connectors/registry";
import type { Db } from "@/lib/db/database";

type TextFormat = "textile" | "markdown";

/** The markup of an instance's texts as it was chosen, or as it usually is; null where there is nothing to choose. */
export function textFormatOf({
  kind,
  settings,
}: {
  kind: string;
  settings: unknown;
}): string | null {
  const [usual] = connectorFor(kind).textFormats ?? [];
  if (usual === undefined) return null;
  return (settings as { textFormat?: string }).textFormat ?? usual;
}

/**
 * Chooses another markup for the texts of an instance. Texts that are there stay as they are; what waits on a
 * connection with it is planned anew. `shown`: the markup that was in view. Throws `SetupError` when there is
 * nothing to choose, or when somebody else chose meanwhile.
 */
export async function changeTextFormat(
  db: Db,
  input: {
    id: number;
    textFormat: TextFormat;
    shown?: TextFormat | undefined;
    reason?: string | undefined;
    by: string;
  },
): Promise<void> {
  const { id, textFormat, shown, reason, by } = input;
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`select from instance where id = ${id}::int for update`;
    const instance = await tx.instance.findUnique({ where: { id } });
    if (!instance) throw new SetupError("not_found", "there is no such instance");
    refuseTextFormat(instance.kind, textFormat);
    const before = textFormatOf(instance);
    if (shown !== undefined && shown !== before)
      throw new SetupError(
        "conflict",
        `the text formatting of ${instance.name} was changed by somebody else meanwhile: look at it again`,
      );
    await tx.instance.update({
      where: { id },
      data: { settings: { ...(instance.settings as object), textFormat } },
    });
    const connections = await tx.connection.findMany({
      where: { OR: [{ localInstanceId: id }, { remoteInstanceId: id }] },
      select: { id: true },
    });
    for (const connection of connections) await planAnew(tx, connection.id, by);
    await tx.$executeRaw`select pg_notify('sync_changed', ''), pg_notify('sync_wake', '')`;
    await recordAudit(tx, {
      actor: by,
      action: "instance.text_format_changed",
      subject: instance.name,
      reason,
      detail: { id, textFormat: `${before} → ${textFormat}` },
    });
  });
}
