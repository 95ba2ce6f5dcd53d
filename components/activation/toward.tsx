import type { ConnectionSides } from "@/components/activation/activation-words";
import { Mark } from "@/components/ui/mark";
import type { Direction } from "@/lib/sync-queue/row";

/** Which instance would be written to, by its name. */
export function Toward({
  direction,
  sides,
}: {
  direction: Direction;
  sides: Pick<ConnectionSides, "local" | "remote"> | undefined;
}) {
  const local = sides?.local.instance ?? "the local side";
  const remote = sides?.remote.instance ?? "the remote side";
  const name = {
    to_remote: remote,
    to_local: local,
    both: `${local} and ${remote}`,
  }[direction];
  return (
    <span className="inline-flex min-w-0 items-center gap-1 text-soft" title={`to ${name}`}>
      <Mark name={direction === "both" ? "both" : "toRemote"} className="size-4" />
      <span className="sr-only">to </span>
      <span className="truncate">{name}</span>
    </span>
  );
}
