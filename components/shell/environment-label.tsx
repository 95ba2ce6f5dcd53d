import { environmentKind } from "@/components/shell/environment";

/** Which node this is. Solid means production, hatched staging, outlined anything else. */
export function EnvironmentLabel({ label }: { label: string | null }) {
  if (!label) return null;
  return (
    <span
      className={`inline-flex h-5 max-w-40 items-center rounded-[4px] px-1.5 text-small font-semibold tracking-wide ${lookOf(label)}`}
    >
      {/* On the hatching, the word stands on plain ground. */}
      <span className={`truncate ${environmentKind(label) === "staging" ? "bg-canvas px-1" : ""}`}>
        {label.toUpperCase()}
      </span>
    </span>
  );
}

function lookOf(label: string): string {
  const kind = environmentKind(label);
  if (kind === "production") return "bg-ink text-on-ink";
  if (kind === "staging") return "hatched border border-current text-ink";
  return "border border-control text-ink";
}
