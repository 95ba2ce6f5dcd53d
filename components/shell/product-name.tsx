import { EnvironmentLabel } from "@/components/shell/environment-label";
import { Link } from "@/components/ui/link";
import type { EnvironmentColour } from "@/lib/settings/environment";

/** The product, with the node's label beside it, so that two open consoles are never confused. */
export function ProductName({
  label,
  colour,
  isInDoubt,
  isLink = true,
}: {
  label: string | null;
  colour: EnvironmentColour | null;
  isInDoubt: boolean;
  isLink?: boolean;
}) {
  const name = (
    <>
      <svg viewBox="0 0 20 20" aria-hidden="true" className="size-5 shrink-0">
        <path
          d="M3 6h10l-3-3m7 11H7l3 3"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <span className="text-large font-semibold tracking-tight">Exalate</span>
    </>
  );
  return (
    <div className="flex min-w-0 items-center gap-2.5">
      {isLink ? (
        <Link href="/" className="flex items-center gap-2">
          {name}
        </Link>
      ) : (
        <span className="flex items-center gap-2">{name}</span>
      )}
      <EnvironmentLabel label={label} colour={colour} isInDoubt={isInDoubt} />
    </div>
  );
}
