"use client";
import { usePathname, useRouter } from "next/navigation";
import { useEffect } from "react";
import { ON_PHONE, PAGES } from "@/components/shell/pages";
import { tell } from "@/components/shell/shell-events";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { whenIdle } from "@/components/ui/when-idle";

/** The rail on a desk, narrower on a tablet; the bar at the bottom on a phone. */
export function NavLinks() {
  const pathname = usePathname();
  const router = useRouter();
  // A key leads to each of them as well, and no pointer announces that.
  useEffect(
    () => whenIdle(() => PAGES.forEach(({ href }) => void router.prefetch(href))),
    [router],
  );
  return (
    <nav
      aria-label="Console"
      className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:static md:w-24 md:shrink-0 md:border-t-0 md:border-r md:bg-transparent md:p-2 xl:w-48"
    >
      <ul className="flex md:flex-col md:gap-0.5">
        {PAGES.map(({ href, name, mark }, index) => {
          const isHere = href === "/" ? pathname === "/" : pathname.startsWith(href);
          return (
            <li
              key={href}
              className={`flex-1 md:flex-none ${index >= ON_PHONE ? "max-md:hidden" : ""}`}
            >
              <Link
                href={href}
                aria-current={isHere ? "page" : undefined}
                className={`flex h-14 flex-col items-center justify-center gap-1 text-small md:rounded-control xl:h-9 xl:flex-row xl:justify-start xl:gap-2.5 xl:px-2.5 xl:text-base ${isHere ? "font-medium text-ink md:bg-line" : "text-soft hover:text-ink md:hover:bg-hover"}`}
              >
                <Mark name={mark} className="size-4" />
                {name}
              </Link>
            </li>
          );
        })}
        <li className="flex-1 md:hidden">
          <button
            type="button"
            onClick={() => tell("palette")}
            className={`flex h-14 w-full flex-col items-center justify-center gap-1 text-small ${PAGES.slice(ON_PHONE).some(({ href }) => pathname.startsWith(href)) ? "font-medium text-ink" : "text-soft"}`}
          >
            <Mark name="more" className="size-4" />
            More
          </button>
        </li>
      </ul>
    </nav>
  );
}
