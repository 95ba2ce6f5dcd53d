import Link from "next/link";

const TABS = [
  { href: "/settings", name: "Access" },
  { href: "/settings/environment", name: "Environment" },
  { href: "/settings/history", name: "History" },
  { href: "/settings/mail", name: "Mail" },
] as const;

/** The pages of the settings, and which one this is. */
export function SettingsHead({ here }: { here: (typeof TABS)[number]["href"] }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <h1 className="text-title font-semibold">Settings</h1>
      <nav aria-label="Settings">
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
    </div>
  );
}
