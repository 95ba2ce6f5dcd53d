"use client";
import { useState } from "react";
import { AddRow } from "@/components/connections/add-row";
import { Checks } from "@/components/connections/checks";
import { MappingRow } from "@/components/connections/mapping-row";
import { DIRECTIONS, peopleFound } from "@/components/connections/mapping-words";
import { Button } from "@/components/ui/button";
import { fieldClass } from "@/components/ui/reason-field";
import { count, isAre } from "@/components/ui/words";
import type { Compared } from "@/lib/connections/setup";
import { checkMapping } from "@/lib/sync/check-mapping";
import type { Direction, FieldMapping, Mapping } from "@/lib/sync/mapping-schema";
import { otherSide, type Side } from "@/lib/sync/plan-types";

/** Whether the people of one side are found at the other, for the fields and texts that name them. */
function People({
  sides,
  people,
  names,
}: {
  sides: Compared["sides"];
  people: Mapping["people"];
  names: Record<Side, string>;
}) {
  return (
    <div className="flex max-w-3xl flex-col gap-1">
      <h3 className="font-medium">People</h3>
      <ul className="flex flex-col gap-0.5">
        {(["local", "remote"] as const).map((side) => {
          const found = peopleFound(sides, people, side);
          const there = names[otherSide(side)];
          return (
            <li key={side}>
              {found
                ? `${found.mapped} of ${count(found.all, "person", "people")} who can be given issues at ${names[side]} ${isAre(found.mapped)} found at ${there}.`
                : `Which people of ${names[side]} are found at ${there} is known when an issue is read: our account may not list the people of both.`}
            </li>
          );
        })}
      </ul>
      <p className="text-small text-soft">
        {people.by.length > 0 &&
          `They are found by ${people.by.map((how) => (how === "email" ? "e-mail address" : "name")).join(", else by ")}. `}
        {people.otherwise.local === null && people.otherwise.remote === null
          ? "If somebody is not, the field stays as it is there, and the plan says so."
          : "The mapping says who takes the place of those who are not."}
      </p>
    </div>
  );
}

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
      <div className="relative -mx-4 overflow-x-auto overflow-y-hidden px-4">
        <table className="w-full min-w-180">
          <thead>
            <tr className="text-left text-small text-soft [&>th]:py-1 [&>th]:pr-3 [&>th]:font-medium">
              <th scope="col">{names.local}</th>
              <th scope="col" className="w-52">
                Travels
              </th>
              <th scope="col">{names.remote}</th>
              <th scope="col">Values</th>
              <th scope="col" className="w-24">
                <span className="sr-only">Leave out</span>
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
      <People sides={compared.sides} people={mapping.people} names={names} />
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
