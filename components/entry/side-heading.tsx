import { type SideNames, sideTitle } from "@/components/entry/plan-words";
import { Mark } from "@/components/ui/mark";
import type { Side } from "@/lib/sync/plan-types";

/** Where a group of writes goes, with the way to the issue itself. */
export function SideHeading({ side, names }: { side: Side; names: SideNames }) {
  const { key, url } = names[side];
  const isNew = key === null;
  return (
    <h3 className="flex flex-wrap items-center gap-2 font-medium">
      <Mark name={side === "remote" ? "toRemote" : "toLocal"} className="size-4 text-soft" />
      {isNew || !url ? (
        sideTitle(side, names)
      ) : (
        <span>
          To {names[side].instance} ·{" "}
          <a
            href={url}
            target="_blank"
            rel="noreferrer"
            className="font-mono text-link hover:underline"
          >
            {key}
          </a>
        </span>
      )}
    </h3>
  );
}
