import { environmentKind, labelWords } from "@/components/shell/environment";

/**
 * Which node this is. Solid means production, hatched staging, outlined anything else; dashed, with a
 * question mark: it says so, and may be a copy of the one that is called that.
 */
export function EnvironmentLabel({
  label,
  isInDoubt,
}: {
  label: string | null;
  isInDoubt: boolean;
}) {
  if (!label) return null;
  const isHatched = environmentKind(label) === "staging" && !isInDoubt;
  return (
    <span
      title={
        isInDoubt ? "Not decided yet: whether this is the same node or a copy of it" : undefined
      }
      className={`inline-flex h-5 max-w-40 items-center rounded-[4px] px-1.5 text-small font-semibold tracking-wide ${lookOf(label, isInDoubt)}`}
    >
      {/* On the hatching, the word stands on plain ground. */}
      <span className={`truncate ${isHatched ? "bg-canvas px-1" : ""}`}>
        {labelWords(label, isInDoubt)}
      </span>
    </span>
  );
}

function lookOf(label: string, isInDoubt: boolean): string {
  if (isInDoubt) return "border-2 border-dashed border-current text-ink";
  const kind = environmentKind(label);
  if (kind === "production") return "bg-ink text-on-ink";
  if (kind === "staging") return "hatched border border-current text-ink";
  return "border border-control text-ink";
}
