import type { Created, OpenSide, Sent, Ticket } from "@/lib/connectors/connector";
import { SyncError } from "@/lib/errors";
import type { Effect } from "@/lib/sync/permit-store";
import { otherSide, type Side, type Write } from "@/lib/sync/plan-types";

export type PieceWrite = Extract<
  Write,
  { kind: "add_attachment" | "add_worklog" | "update_worklog" | "add_link" }
>;

/** Whether a write is about an attachment, a worklog or a link. */
export function isPieceWrite(write: Write): write is PieceWrite {
  return (
    write.kind === "add_attachment" ||
    write.kind === "add_worklog" ||
    write.kind === "update_worklog" ||
    write.kind === "add_link"
  );
}

/** Sends one attachment, worklog or link to the issue `id`. An attachment's content flows from side to side. */
export async function sendPiece(
  write: PieceWrite,
  id: string,
  ticket: Ticket,
  sides: Record<Side, OpenSide>,
): Promise<Sent> {
  const side = sides[write.side];
  switch (write.kind) {
    case "add_attachment":
      return able(side.addAttachment, write)(ticket, id, {
        name: write.name,
        size: write.size,
        mimeType: write.mimeType,
        async open() {
          const source = sides[otherSide(write.side)];
          const file = await able(source.openAttachment, write)(write.originId, write.name);
          if (file) return file;
          throw new SyncError("issue_gone", `${write.name} is not there any more: read again`);
        },
      });
    case "add_worklog":
      return able(side.addWorklog, write)(ticket, id, write);
    case "update_worklog":
      return able(side.updateWorklog, write)(ticket, id, write.mirrorId, write);
    case "add_link":
      return able(side.addLink, write)(ticket, id, write);
  }
}

/** Planned only where a reading has such pieces: a connector that reads them and cannot write them is a bug. */
function able<F>(method: F | undefined, { kind }: PieceWrite): F {
  if (method) return method;
  throw new Error(`a ${kind} was planned for a connector that has none`);
}

/** What a confirmed write teaches; a link's id is only known once it is read. */
export function pieceEffect(write: PieceWrite, created: Created): Effect | null {
  const mirrorId = write.kind === "update_worklog" ? write.mirrorId : created.id;
  if (!mirrorId || write.kind === "add_link") return null;
  return {
    piece: {
      kind: write.kind === "add_attachment" ? "attachment" : "worklog",
      side: otherSide(write.side),
      id: write.originId,
      mirrorId,
      sent: write.digest,
    },
  };
}
