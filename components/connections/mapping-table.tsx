import { DIRECTIONS } from "@/components/connections/mapping-words";
import { Mark } from "@/components/ui/mark";
import { fieldTitle } from "@/lib/sync/field-names";
import type { Mapping } from "@/lib/sync/mapping-schema";
import type { Side } from "@/lib/sync/plan-types";

const MARKS = { both: "both", to_remote: "toRemote", to_local: "toLocal", none: "gone" } as const;

/** On a phone a field is a block of lines, one under the other. */
const ROW =
  "block border-t border-line px-4 py-2 align-top sm:table-row sm:p-0 [&>*]:block sm:[&>*]:table-cell sm:[&>*]:px-4 sm:[&>*]:py-2";

/** A mapping to read. */
export function MappingTable({
  mapping,
  names,
}: {
  mapping: Mapping;
  names: Record<Side, string>;
}) {
  const words = (direction: Mapping["comments"]) =>
    DIRECTIONS.find(({ value }) => value === direction)?.words ?? direction;
  return (
    <div>
      <table className="block w-full sm:table">
        <thead className="sr-only sm:not-sr-only sm:table-header-group">
          <tr className="text-left text-small text-soft [&>th]:px-4 [&>th]:py-2 [&>th]:font-medium">
            <th scope="col">{names.local}</th>
            <th scope="col">Travels</th>
            <th scope="col">{names.remote}</th>
            <th scope="col">Values</th>
          </tr>
        </thead>
        <tbody className="block sm:table-row-group">
          {mapping.fields.map((row) => (
            <tr key={`${row.local} ${row.remote}`} className={ROW}>
              <th scope="row" className="text-left font-medium">
                {fieldTitle(row.local, row.name)}
              </th>
              <td>
                <span className="inline-flex items-center gap-2 whitespace-nowrap">
                  <Mark name={MARKS[row.direction]} className="size-4" />
                  {words(row.direction)}
                </span>
              </td>
              <td>{fieldTitle(row.remote)}</td>
              <td className="text-soft">
                {row.values
                  ? Object.entries(row.values.toRemote)
                      .map(([here, there]) => `${here} → ${there}`)
                      .join(", ") || "none corresponds yet"
                  : row.kind === "user"
                    ? "people, found at the other side"
                    : "sent unchanged"}
              </td>
            </tr>
          ))}
          <tr className={ROW}>
            <th scope="row" className="text-left font-medium">
              Comments
            </th>
            <td colSpan={3}>
              <span className="inline-flex items-center gap-2">
                <Mark name={MARKS[mapping.comments]} className="size-4" />
                {words(mapping.comments)}
              </span>
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}
