import { recordAudit } from "@/lib/audit/audit-store";
import { eachAuditLine } from "@/lib/audit/browse-store";
import { CONTENT_TYPES, type ExportFormat, exportHead, exportLines } from "@/lib/audit/export";
import type { AuditFilter } from "@/lib/audit/record";
import type { Db } from "@/lib/db/database";

export type Export = { format: ExportFormat; filter: AuditFilter; by: string };

/**
 * The records of a filter as a file, streamed: as many are in memory as are read at a time, and nothing is
 * read before somebody takes it. Who took what is recorded first, and so is in the file.
 */
export async function exportAudit(db: Db, { format, filter, by }: Export): Promise<Response> {
  const asked = Object.fromEntries(
    Object.entries(filter).filter((part): part is [string, string] => part[1] !== undefined),
  );
  await recordAudit(db, {
    actor: by,
    action: "audit.exported",
    detail: { format, filter: asked },
  });
  const parts = eachAuditLine(db, filter);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: (out) => {
      const head = exportHead(format);
      if (head) out.enqueue(encoder.encode(head));
    },
    async pull(out) {
      const { value, done } = await parts.next();
      if (done) out.close();
      else out.enqueue(encoder.encode(exportLines(format, value)));
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
  const day = new Date().toISOString().slice(0, 10);
  return new Response(body, {
    headers: {
      "Content-Type": CONTENT_TYPES[format],
      "Content-Disposition": `attachment; filename="audit-${day}.${format}"`,
      "Cache-Control": "no-store",
    },
  });
}
