"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { Mark, type MarkName } from "@/components/ui/mark";

const PAGES: { href: string; name: string; mark: MarkName }[] = [
  { href: "/", name: "Overview", mark: "overview" },
  { href: "/activation", name: "Activation", mark: "closedGate" },
  { href: "/sync-queue", name: "Sync Queue", mark: "queue" },
  { href: "/issues", name: "Issues", mark: "both" },
  { href: "/errors", name: "Errors", mark: "error" },
  { href: "/connections", name: "Connections", mark: "connection" },
  { href: "/activity", name: "Activity", mark: "activity" },
  { href: "/audit", name: "Audit", mark: "audit" },
];

/** The rail on a desk, the bar at the bottom on a phone. */
export function NavLinks() {
  const pathname = usePathname();
  return (
    <nav
      aria-label="Console"
      className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:static md:w-48 md:shrink-0 md:border-t-0 md:border-r md:bg-transparent md:p-2"
    >
      <ul className="flex md:flex-col md:gap-0.5">
        {PAGES.map(({ href, name, mark }) => {
          const isHere = href === "/" ? pathname === "/" : pathname.startsWith(href);
          return (
            <li key={href} className="flex-1 md:flex-none">
              <Link
                href={href}
                aria-current={isHere ? "page" : undefined}
                className={`flex h-14 flex-col items-center justify-center gap-1 text-small md:h-9 md:flex-row md:justify-start md:gap-2.5 md:rounded-control md:px-2.5 md:text-base ${isHere ? "font-medium text-ink md:bg-line" : "text-soft hover:text-ink md:hover:bg-hover"}`}
              >
                <Mark name={mark} className="size-4" />
                {name}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
