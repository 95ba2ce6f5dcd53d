"use client";
import { useState } from "react";
import { AddRow } from "@/components/connections/add-row";
import { Checks } from "@/components/connections/checks";
import { MappingRow } from "@/components/connections/mapping-row";
import { DIRECTIONS } from "@/components/connections/mapping-words";
import { Button } from "@/components/ui/button";
import { fieldClass } from "@/components/ui/reason-field";
import type { Compared } from "@/lib/connections/setup";
import { checkMapping } from "@/lib/sync/check-mapping";
import type { Direction, FieldMapping, Mapping } from "@/lib/sync/mapping-schema";
import type { Side } from "@/lib/sync/plan-types";

/** How the fields of both sides correspond: proposed from what they say of themselves, changed by a person. */
export function MappingStep({
  compared,
  initial,
  names,
  onChosen,
  act = "Use this mapping",
}: {
  compared: Compared;
  initial: Mapping;
  names: Record<Side, string>;
  onChosen: (mapping: Mapping) => void;
  act?: string;
}) {
  const [mapping, setMapping] = useState(initial);
  const { local, remote } = compared.sides;
  const problems = checkMapping(mapping, local, remote);
  const blocking = problems.filter(({ blocks }) => blocks);
  const setRow = (index: number, row: FieldMapping | null) =>
    setMapping({
      ...mapping,
      fields: mapping.fields.flatMap((each, at) => (at === index ? (row ?? []) : each)),
    });
  const rights = [...compared.rights.local, ...compared.rights.remote].filter(
    ({ state }) => state !== "fine",
  );
  return (
    <div className="flex flex-col gap-4">
      {rights.length > 0 && <Checks checks={rights} />}
      <div className="-mx-4 overflow-x-auto px-4">
        <table className="w-full min-w-180">
          <thead>
            <tr className="text-left text-small text-soft [&>th]:py-1 [&>th]:pr-3 [&>th]:font-medium">
              <th scope="col">{names.local}</th>
              <th scope="col" className="w-52">
                Travels
              </th>
              <th scope="col">{names.remote}</th>
              <th scope="col">Values</th>
              <th scope="col" className="w-10">
                <span className="sr-only">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line border-y border-line">
            {mapping.fields.map((row, index) => (
              <MappingRow
                key={`${row.local} ${row.remote}`}
                row={row}
                sides={compared.sides}
                names={names}
                problems={problems.filter(
                  ({ path }) => path === `fields.${index}` || path.startsWith(`fields.${index}.`),
                )}
                onChange={(changed) => setRow(index, changed)}
                onRemove={() => setRow(index, null)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <AddRow
        sides={compared.sides}
        mapping={mapping}
        names={names}
        onAdd={(row) => setMapping({ ...mapping, fields: [...mapping.fields, row] })}
      />
      <label className="flex max-w-2xl flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">Comments travel</span>
        <select
          value={mapping.comments}
          onChange={(event) =>
            setMapping({ ...mapping, comments: event.target.value as Direction })
          }
          className={`${fieldClass} w-56`}
        >
          {DIRECTIONS.map(({ value, words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
        <span className="text-small text-soft">
          Comments for a group or role only stay where they are.
        </span>
      </label>
      <ul className="flex flex-col gap-1 empty:hidden">
        {problems
          .filter(({ path }) => !path.startsWith("fields."))
          .map(({ path, message, blocks }) => (
            <li
              key={`${path} ${message}`}
              className={blocks ? "text-error-text" : "text-closed-text"}
            >
              {message}
            </li>
          ))}
      </ul>
      <div className="flex flex-wrap items-center gap-3">
        <Button look="primary" disabled={blocking.length > 0} onClick={() => onChosen(mapping)}>
          {act}
        </Button>
        <p aria-live="polite" className="text-soft">
          {blocking.length > 0 && "What is marked red has to be mended first."}
        </p>
      </div>
    </div>
  );
}
