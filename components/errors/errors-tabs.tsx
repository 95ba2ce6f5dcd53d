import Link from "next/link";

const TABS = [
  { href: "/errors", name: "Now" },
  { href: "/errors/history", name: "History" },
] as const;

/** What stands now, and what stood. */
export function ErrorsTabs({ here }: { here: (typeof TABS)[number]["href"] }) {
  return (
    <nav aria-label="Errors">
      <ul className="flex w-fit rounded-control border border-line bg-surface p-0.5">
        {TABS.map(({ href, name }) => (
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
