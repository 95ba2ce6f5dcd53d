import { Added, Removed, TextDifference } from "@/components/entry/text-difference";
import type { FieldValue } from "@/lib/sync/replica";

/** Texts longer than this are compared word by word inside one cell across both columns. */
const SHORT = 60;

function isLongText(value: FieldValue): boolean {
  return typeof value === "string" && (value.length > SHORT || value.includes("\n"));
}

/** What a list gains and loses. */
function ListDifference({ from, to }: { from: string[]; to: string[] }) {
  const gone = from.filter((item) => !to.includes(item));
  const fresh = to.filter((item) => !from.includes(item));
  const kept = to.filter((item) => from.includes(item));
  return (
    <span className="flex flex-wrap gap-1.5 font-mono text-small leading-5">
      {kept.map((item) => (
        <span key={item} className="rounded-[4px] border border-line px-1.5">
          {item}
        </span>
      ))}
      {gone.map((item) => (
        <Removed key={item}>{item}</Removed>
      ))}
      {fresh.map((item) => (
        <Added key={item}>{item}</Added>
      ))}
    </span>
  );
}

/** The difference of two values that need the whole width; `null` when two plain cells say it better. */
export function wideDifference(from: FieldValue, to: FieldValue) {
  if (Array.isArray(from) || Array.isArray(to))
    return <ListDifference from={asList(from)} to={asList(to)} />;
  if (isLongText(from) || isLongText(to))
    return <TextDifference before={from ?? ""} after={to ?? ""} />;
  return null;
}

function asList(value: FieldValue): string[] {
  return Array.isArray(value) ? value : value ? [value] : [];
}
