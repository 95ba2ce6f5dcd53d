import type { FieldValue } from "@/lib/sync/replica";

/** A value as it is. Empty is said, since absent and empty are different things. */
export function Value({ value }: { value: FieldValue }) {
  if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) {
    return <span className="text-soft italic">empty</span>;
  }
  if (Array.isArray(value)) {
    return (
      <span className="flex flex-wrap gap-1">
        {value.map((item) => (
          <span
            key={item}
            className="rounded-[4px] border border-line px-1.5 font-mono text-small leading-5"
          >
            {item}
          </span>
        ))}
      </span>
    );
  }
  return <span className="break-words whitespace-pre-wrap">{value}</span>;
}
