"use client";
import {
  type AuditAddress,
  byFamily,
  fromLocalField,
  toLocalField,
} from "@/components/audit/audit-address";
import { useTimeZone } from "@/components/ui/clock";
import { SearchField } from "@/components/ui/search-field";
import type { AuditChoices, AuditFilter } from "@/lib/audit/record";

const fieldClass = "h-9 rounded-control border border-line bg-surface px-2 text-ink hover:bg-hover";

/** The filters are the address: they can be shared, bookmarked and gone back from. */
export function AuditFilters({
  address: { filter },
  choices,
  go,
}: {
  address: AuditAddress;
  choices: AuditChoices;
  go: (next: AuditAddress) => void;
}) {
  const timeZone = useTimeZone();
  const narrow = (change: Partial<AuditFilter>) =>
    go({ filter: { ...filter, ...change }, place: {} });
  // What the address names is there to be seen, also when no record has it yet.
  const actors = [...new Set([...choices.actors, ...(filter.actor ? [filter.actor] : [])])];
  const known = [...new Set([...choices.actions, ...(filter.action ? [filter.action] : [])])];
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchField
        label="Search subjects and reasons"
        placeholder="Subject or reason"
        className="w-full sm:w-56"
        current={filter.q ?? ""}
        onSearch={(q) => narrow({ q })}
      />
      <select
        aria-label="Who"
        className={`${fieldClass} max-w-52`}
        value={filter.actor ?? ""}
        onChange={(event) => narrow({ actor: event.target.value || undefined })}
      >
        <option value="">Everybody</option>
        {actors.map((actor) => (
          <option key={actor}>{actor}</option>
        ))}
      </select>
      <select
        aria-label="What"
        className={`${fieldClass} max-w-52`}
        value={filter.action ?? ""}
        onChange={(event) => narrow({ action: event.target.value || undefined })}
      >
        <option value="">Every action</option>
        {byFamily(known).map(([family, actions]) => (
          <optgroup key={family} label={family}>
            <option value={family}>{family}: all</option>
            {actions
              .filter((action) => action !== family)
              .map((action) => (
                <option key={action}>{action}</option>
              ))}
          </optgroup>
        ))}
      </select>
      <div className="flex flex-wrap items-center gap-2">
        <MomentField
          name="From"
          value={toLocalField(filter.from, timeZone)}
          onChange={(text) => narrow({ from: fromLocalField(text) })}
        />
        <MomentField
          name="To"
          value={toLocalField(filter.to, timeZone)}
          onChange={(text) => narrow({ to: fromLocalField(text) })}
          unit={timeZone}
        />
      </div>
    </search>
  );
}

/** Keeps what is typed until it is a whole moment: the browser says nothing of a half one. */
function MomentField({
  name,
  value,
  unit,
  onChange,
}: {
  name: string;
  value: string;
  /** Said behind the last of them. */
  unit?: string;
  onChange: (text: string) => void;
}) {
  return (
    <label className="flex items-center gap-1.5 text-soft">
      <span className="w-10 text-right md:w-auto">{name}</span>
      <input
        key={value}
        type="datetime-local"
        defaultValue={value}
        className={fieldClass}
        onBlur={(event) => event.target.value !== value && onChange(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
      />
      {unit && <span className="text-small">{unit}</span>}
    </label>
  );
}
