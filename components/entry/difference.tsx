import type { ReactNode } from "react";
import { CommentWrite } from "@/components/entry/comment-write";
import { Value } from "@/components/entry/field-value";
import { mailWords } from "@/components/entry/mail-words";
import { isPieceWrite, PieceWriteLine } from "@/components/entry/piece-write";
import { type SideNames, writesTo } from "@/components/entry/plan-words";
import { SideHeading } from "@/components/entry/side-heading";
import { Added, Removed } from "@/components/entry/text-difference";
import { wideDifference } from "@/components/entry/wide-difference";
import { fieldTitle, inFieldOrder } from "@/lib/sync/field-names";
import type { MailEstimate } from "@/lib/sync/mails";
import type { Plan, Write } from "@/lib/sync/plan-types";
import type { FieldId, FieldValue } from "@/lib/sync/replica";

/** "What will be sent": per side, field · now there · will be; then the comments. */
export function Difference({ plan, names }: { plan: Plan; names: SideNames }) {
  const sides = (["remote", "local"] as const).filter((side) => writesTo(plan, side).length > 0);
  return (
    <div className="divide-y divide-line">
      {sides.map((side) => (
        <SideDifference
          key={side}
          writes={writesTo(plan, side)}
          heading={<SideHeading side={side} names={names} />}
          mails={plan.mails?.find((each) => each.side === side)}
          instance={names[side].instance}
        />
      ))}
    </div>
  );
}

type FieldLine = { field: FieldId; name?: string; from: FieldValue; to: FieldValue; note?: string };

function SideDifference({
  writes,
  heading,
  mails,
  instance,
}: {
  writes: Write[];
  heading: ReactNode;
  mails: MailEstimate | undefined;
  instance: string;
}) {
  const create = writes.find((write) => write.kind === "create_issue");
  const lines = inFieldOrder(writes.flatMap(fieldLines), ({ field }) => field);
  const stamp = writes.find((write) => write.kind === "stamp");
  return (
    <div className="flex flex-col">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 px-4 pt-3 pb-2">
        {heading}
        {mails && <p className="text-small text-soft">{mailWords(mails, instance)}</p>}
      </div>
      {lines.length > 0 && (
        <table className="w-full table-fixed">
          <thead>
            <tr className="text-left text-small text-soft [&>th]:px-4 [&>th]:pb-1 [&>th]:font-medium">
              <th scope="col" className="w-25 md:w-28">
                Field
              </th>
              {!create && <th scope="col">Now there</th>}
              <th scope="col">Will be</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line, index) => (
              // A status may be there once for each step.
              // biome-ignore lint/suspicious/noArrayIndexKey: a plan's lines never move
              <FieldRow key={`${line.field} ${index}`} line={line} isNew={Boolean(create)} />
            ))}
          </tbody>
        </table>
      )}
      {writes.map((write) =>
        write.kind === "add_comment" || write.kind === "update_comment" ? (
          <CommentWrite key={`${write.kind}-${write.originId}`} write={write} />
        ) : null,
      )}
      {writes.filter(isPieceWrite).map((write) => (
        <PieceWriteLine key={`${write.kind}-${write.originId}`} write={write} />
      ))}
      {stamp?.kind === "stamp" && (
        <p className="border-t border-line px-4 py-2 text-soft">
          Notes the id of its twin (
          <span className="font-mono">{stamp.twinId || "once it is known"}</span>) on the issue.
        </p>
      )}
    </div>
  );
}

function FieldRow({ line, isNew }: { line: FieldLine; isNew: boolean }) {
  const wide = isNew ? null : wideDifference(line.from, line.to);
  return (
    <tr className="border-t border-line align-top [&>*]:px-4 [&>*]:py-2">
      <th scope="row" className="text-left font-medium">
        {fieldTitle(line.field, line.name)}
        {line.note && <span className="block text-small font-normal text-soft">{line.note}</span>}
      </th>
      {isNew ? (
        <td>
          <Value value={line.to} />
        </td>
      ) : wide ? (
        <td colSpan={2}>{wide}</td>
      ) : (
        <>
          <td>
            {typeof line.from === "string" && line.from ? (
              <Removed>{line.from}</Removed>
            ) : (
              <Value value={line.from} />
            )}
          </td>
          <td>
            {typeof line.to === "string" && line.to ? (
              <Added>{line.to}</Added>
            ) : (
              <Value value={line.to} />
            )}
          </td>
        </>
      )}
    </tr>
  );
}

function fieldLines(write: Write): FieldLine[] {
  if (write.kind === "update_issue") return write.changes;
  if (write.kind === "transition") {
    const way = write.toward ? `, on the way to “${write.toward}”` : "";
    const fills = Object.entries(write.fills ?? {}).map(([field, to]) => ({
      field,
      from: null,
      to,
      note: `required by “${write.name}”`,
    }));
    return [
      { field: "status", from: write.from, to: write.to, note: `by “${write.name}”${way}` },
      ...(write.changes ?? []),
      ...fills,
    ];
  }
  if (write.kind !== "create_issue") return [];
  const lines: FieldLine[] = Object.entries(write.values).map(([field, to]) => ({
    field,
    ...(write.names?.[field] ? { name: write.names[field] } : {}),
    from: null,
    to,
  }));
  const status = write.thenStatus;
  if (!status) return lines;
  return [
    ...lines,
    {
      field: "status",
      from: null,
      to: status,
      ...(write.thenStatus && { note: "after creating" }),
    },
  ];
}
