import { fieldClass } from "@/components/ui/reason-field";

/** What each value of one side becomes at the other. */
export function ValueTable({
  heading,
  from,
  to,
  table,
  onChange,
}: {
  heading: string;
  from: string[];
  to: string[];
  table: Record<string, string>;
  onChange: (table: Record<string, string>) => void;
}) {
  function set(value: string, counterpart: string): void {
    const { [value]: _before, ...others } = table;
    onChange(counterpart ? { ...others, [value]: counterpart } : others);
  }
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-small text-soft">{heading}</legend>
      {from.map((value) => (
        <label key={value} className="grid grid-cols-2 items-center gap-2">
          <span className="truncate" title={value}>
            {value}
          </span>
          <select
            value={table[value] ?? ""}
            onChange={(event) => set(value, event.target.value)}
            className={`${fieldClass} h-7 px-2`}
          >
            <option value="">stays at home</option>
            {to.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      ))}
    </fieldset>
  );
}
