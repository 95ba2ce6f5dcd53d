import { Link } from "@/components/ui/link";

export type Tab<Href extends string> = { href: Href; name: string };

/** Pages that belong together, side by side, and which of them this is. */
export function Tabs<Href extends string>({
  label,
  tabs,
  here,
}: {
  label: string;
  tabs: readonly Tab<Href>[];
  here: Href;
}) {
  return (
    <nav aria-label={label}>
      <ul className="flex w-fit rounded-control border border-line bg-surface p-0.5">
        {tabs.map(({ href, name }) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={href === here ? "page" : undefined}
              className={`flex h-7.5 items-center rounded-[4px] px-3 ${href === here ? "bg-selected font-medium text-ink" : "text-soft hover:bg-hover hover:text-ink"}`}
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
