import { z } from "zod";
import type {
  Created,
  FileStream,
  FileToSend,
  Http,
  Sent,
  Ticket,
} from "@/lib/connectors/connector";
import { confirmed } from "@/lib/connectors/redmine/confirm";
import { nothing, uploaded } from "@/lib/connectors/redmine/schema";
import { SyncError } from "@/lib/errors";

/** The content of an attachment; null when it is gone. */
export function openAttachment(http: Http, id: string, name: string): Promise<FileStream | null> {
  return http.stream(`/attachments/download/${encodeURIComponent(id)}/${encodeURIComponent(name)}`);
}

/**
 * Two writes, each under a permit of its own: the file is uploaded, which nobody sees, and then taken by the
 * issue. After a crash between them the upload belongs to no issue, Redmine forgets it, and it is sent again;
 * after one behind them the file is found at the issue by its name, size and author, and by its content.
 */
export async function attach(
  http: Http,
  ticket: Ticket,
  issuePath: string,
  file: FileToSend,
): Promise<Sent> {
  const name = nameInRedmine(file.name);
  let upload: { id: string; token: string } | undefined;
  const sent = await http.upload(
    // The file is not at the issue yet: nothing is known of a mirror.
    creating(ticket, () => ({})),
    uploaded.transform((answer) => {
      upload = answer;
      return { id: answer.id };
    }),
    {
      method: "POST",
      path: `/uploads.json?filename=${encodeURIComponent(name)}`,
      headers: {},
      part: null,
    },
    file,
  );
  if (sent.kind !== "applied") return tooLarge(sent, file);
  if (!upload) throw new Error("an upload was applied without an answer");
  const { id, token } = upload;
  const taken = await confirmed(
    creating(ticket, () => ({ id })),
    async () => ((await isThere(http, issuePath, id)) ? [] : ["attachments"]),
    (confirming) =>
      http.write(confirming, nothing, "PUT", issuePath, {
        issue: {
          uploads: [
            { token, filename: name, ...(file.mimeType && { content_type: file.mimeType }) },
          ],
        },
      }),
  );
  return taken.kind === "applied" ? { ...taken, created: { id } } : taken;
}

/** A ticket whose confirmed write made what `created` says, where nothing of it was ignored. */
function creating(ticket: Ticket, created: () => Created): Ticket {
  return {
    request: (...asked) => ticket.request(...asked),
    settle(permitId, settlement) {
      const isMade = settlement.outcome === "applied" && !settlement.created.ignored;
      return ticket.settle(permitId, isMade ? { ...settlement, created: created() } : settlement);
    },
  };
}

const attachmentIds = z.object({
  issue: z.object({
    attachments: z.array(z.object({ id: z.number().transform(String) })).default([]),
  }),
});

async function isThere(http: Http, issuePath: string, id: string): Promise<boolean> {
  const answer = await http.read(attachmentIds, issuePath, { include: "attachments" });
  return answer?.issue.attachments.some((each) => each.id === id) ?? false;
}

/** Redmine says no to a file above its limit by a text in the language of our account. */
function tooLarge(sent: Exclude<Sent, { kind: "applied" }>, { name, size }: FileToSend): Sent {
  if (sent.kind !== "failed" || sent.refusal?.status !== 422) return sent;
  return {
    ...sent,
    error: new SyncError(
      "field_rejected",
      `Redmine did not take ${name} with its ${(size / 1_000_000).toFixed(1)} MB: ${sent.refusal.said}. Lower the mapping's limit for attachments, or raise Redmine's under Administration, Settings, Files`,
    ),
  };
}

/** Signs that Redmine does not keep in a file's name: it would write this instead. */
function nameInRedmine(name: string): string {
  return name.replace(/[\\/?%*:|"'<>\r\n]+/g, "_");
}
