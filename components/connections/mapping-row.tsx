import {
  correspondWords,
  DIRECTIONS,
  fieldName,
  mappedOf,
} from "@/components/connections/mapping-words";
import { ValueTable } from "@/components/connections/value-table";
import { Button } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";
import { fieldClass } from "@/components/ui/reason-field";
import type { Compared } from "@/lib/connections/setup";
import type { MappingProblem } from "@/lib/sync/check-mapping";
import type { Direction, FieldMapping } from "@/lib/sync/mapping-schema";
import type { Side } from "@/lib/sync/plan-types";

/** One pair of fields: which, which way, and how their values correspond. */
export function MappingRow({
  row,
  sides,
  names,
  problems,
  onChange,
  onRemove,
}: {
  row: FieldMapping;
  sides: Compared["sides"];
  names: Record<Side, string>;
  problems: MappingProblem[];
  onChange: (row: FieldMapping) => void;
  onRemove: () => void;
}) {
  const [here, there] = [
    sides.local.fields.find(({ id }) => id === row.local),
    sides.remote.fields.find(({ id }) => id === row.remote),
  ];
  const toRemote = mappedOf(here, row.values?.toRemote ?? {});
  const toLocal = mappedOf(there, row.values?.toLocal ?? {});
  const title = fieldName(sides.local, row.local);
  return (
    <tr className="align-baseline [&>*]:py-1.5 [&>*]:pr-3">
      <th scope="row" className="text-left font-medium">
        {title}
      </th>
      <td>
        <select
          aria-label={`How ${title} travels`}
          value={row.direction}
          onChange={(event) => onChange({ ...row, direction: event.target.value as Direction })}
          className={`${fieldClass} h-7 px-2`}
        >
          {DIRECTIONS.map(({ value, words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </td>
      <td>{fieldName(sides.remote, row.remote)}</td>
      <td>
        {row.values && here?.allowed && there?.allowed ? (
          <details>
            <summary className="w-fit">
              {correspondWords(toRemote, toLocal)}
              <span className="sr-only"> of {title}</span>
            </summary>
            <div className="mt-2 grid gap-4 xl:grid-cols-2">
              <ValueTable
                heading={`${names.local} → ${names.remote}`}
                from={here.allowed}
                to={there.allowed}
                table={row.values.toRemote}
                onChange={(table) =>
                  onChange({
                    ...row,
                    values: { toLocal: row.values?.toLocal ?? {}, toRemote: table },
                  })
                }
              />
              <ValueTable
                heading={`${names.remote} → ${names.local}`}
                from={there.allowed}
                to={here.allowed}
                table={row.values.toLocal}
                onChange={(table) =>
                  onChange({
                    ...row,
                    values: { toRemote: row.values?.toRemote ?? {}, toLocal: table },
                  })
                }
              />
            </div>
          </details>
        ) : (
          <span className="text-soft">
            {row.kind === "user" ? "people, found at the other side" : "sent unchanged"}
          </span>
        )}
        <ul className="mt-1 flex flex-col gap-0.5 empty:hidden">
          {problems.map(({ message, blocks }) => (
            <li
              key={message}
              className={`flex gap-1.5 ${blocks ? "text-error-text" : "text-closed-text"}`}
            >
              <Mark name={blocks ? "failed" : "error"} className="mt-0.5 size-3.5 shrink-0" />
              {message}
            </li>
          ))}
        </ul>
      </td>
      <td className="pr-0!">
        {row.local !== "summary" && (
          <Button size="small" look="quiet" onClick={onRemove}>
            Leave out<span className="sr-only"> {title}</span>
          </Button>
        )}
      </td>
    </tr>
  );
}
