import { environmentKind, labelWords } from "@/components/shell/environment";
import type { EnvironmentColour } from "@/lib/settings/environment";

const COLOURS: Record<EnvironmentColour, { ground: string; text: string }> = {
  violet: { ground: "bg-env-violet", text: "text-env-violet" },
  magenta: { ground: "bg-env-magenta", text: "text-env-magenta" },
  teal: { ground: "bg-env-teal", text: "text-env-teal" },
  olive: { ground: "bg-env-olive", text: "text-env-olive" },
};

/**
 * Which node this is. Solid means production, hatched staging, outlined anything else; dashed, with a
 * question mark and in no colour: it says so, and may be a copy of the one that is called that.
 */
export function EnvironmentLabel({
  label,
  colour,
  isInDoubt,
}: {
  label: string | null;
  colour: EnvironmentColour | null;
  isInDoubt: boolean;
}) {
  if (!label) return null;
  const isHatched = environmentKind(label) === "staging" && !isInDoubt;
  return (
    <span
      title={
        isInDoubt ? "Not decided yet: whether this is the same node or a copy of it" : undefined
      }
      className={`inline-flex h-5 max-w-40 items-center rounded-[4px] px-1.5 text-small font-semibold tracking-wide ${lookOf(label, colour, isInDoubt)}`}
    >
      {/* On the hatching, the word stands on plain ground. */}
      <span className={`truncate ${isHatched ? "bg-canvas px-1" : ""}`}>
        {labelWords(label, isInDoubt)}
      </span>
    </span>
  );
}

function lookOf(label: string, colour: EnvironmentColour | null, isInDoubt: boolean): string {
  if (isInDoubt) return "border-2 border-dashed border-current text-ink";
  const kind = environmentKind(label);
  const { ground, text } = colour ? COLOURS[colour] : { ground: "bg-ink", text: "text-ink" };
  if (kind === "production") return `${ground} text-on-ink`;
  if (kind === "staging") return `hatched border border-current ${text}`;
  return `border ${colour ? "border-current" : "border-control"} ${text}`;
}
