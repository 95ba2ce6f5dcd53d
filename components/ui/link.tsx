"use client";
import { useRouter } from "next/navigation";
import type { ComponentProps, MouseEvent } from "react";

/**
 * A link to a page of the console, without loading everything anew. The framework's own weighs six times
 * as much on every page, for cases that the console does not have: hosts, locales, base paths.
 */
export function Link({
  href,
  prefetch = true,
  onClick,
  ...rest
}: ComponentProps<"a"> & {
  href: string;
  /** Whether the page is asked for as soon as somebody points at the link; not for the many rows of a table. */
  prefetch?: boolean;
}) {
  const router = useRouter();
  const ask = prefetch ? () => router.prefetch(href) : undefined;

  function go(event: MouseEvent<HTMLAnchorElement>): void {
    onClick?.(event);
    if (event.defaultPrevented || isForTheBrowser(event)) return;
    event.preventDefault();
    router.push(href);
  }

  return <a {...rest} href={href} onClick={go} onPointerEnter={ask} onFocus={ask} />;
}

/** A new tab or window, a download: with a key held, another button, or because the link says so. */
function isForTheBrowser(event: MouseEvent<HTMLAnchorElement>): boolean {
  const { target } = event.currentTarget;
  return (
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey ||
    (target !== "" && target !== "_self") ||
    event.currentTarget.hasAttribute("download")
  );
}
