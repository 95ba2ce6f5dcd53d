import { Value } from "@/components/entry/field-value";
import { resolutionWords, type SideNames } from "@/components/entry/plan-words";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { fieldTitle } from "@/lib/sync/field-names";
import type { Conflict, Note } from "@/lib/sync/plan-types";

/** Fields that both sides changed, what stood there before, and what becomes of them. */
export function Conflicts({
  conflicts,
  names,
  pairId,
}: {
  conflicts: Conflict[];
  names: SideNames;
  pairId: number;
}) {
  return (
    <ul className="divide-y divide-line border-t border-line">
      {conflicts.map((conflict) => (
        <li key={conflict.field} className="flex flex-col gap-2 px-4 py-3">
          <p className="flex flex-wrap items-center gap-2">
            <Mark name="error" className="size-4 text-closed-text" />
            <span>
              Both sides changed{" "}
              <strong className="font-semibold">{fieldTitle(conflict.field, conflict.name)}</strong>
              : {resolutionWords(conflict.resolution)}.
            </span>
            {conflict.resolution === "hold" && (
              <Link href={`/issues/${pairId}#decide`} className="text-link hover:underline">
                Choose whose value counts
              </Link>
            )}
          </p>
          <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-3">
            {(["local", "remote"] as const).map((side) => (
              <div key={side} className="min-w-0">
                <dt className="text-small text-soft">
                  {names[side].instance} ({side})
                </dt>
                <dd>
                  <Value value={conflict[side]} />
                </dd>
              </div>
            ))}
            <div className="min-w-0">
              <dt className="text-small text-soft">When last in step</dt>
              <dd>
                <Value value={conflict.base.local} />
              </dd>
            </div>
          </dl>
        </li>
      ))}
    </ul>
  );
}

/** What stays as it is, and why. */
export function Notes({ notes, names }: { notes: Note[]; names: SideNames }) {
  return (
    <ul className="flex flex-col gap-1 border-t border-line px-4 py-3 text-soft">
      {notes.map((note) => (
        <li key={`${note.side}-${note.field}-${note.text}`}>
          <span className="font-medium text-ink">{fieldTitle(note.field)}</span> at{" "}
          {names[note.side].instance}: {note.text}
        </li>
      ))}
    </ul>
  );
}
