import type { MarkName } from "@/components/ui/mark";

/** The pages of the rail, in its order. `key`: what to press after `g` to go there. */
export const PAGES: { href: string; name: string; mark: MarkName; key: string }[] = [
  { href: "/", name: "Overview", mark: "overview", key: "o" },
  { href: "/activation", name: "Activation", mark: "closedGate", key: "a" },
  { href: "/sync-queue", name: "Sync Queue", mark: "queue", key: "q" },
  { href: "/issues", name: "Issues", mark: "both", key: "i" },
  { href: "/errors", name: "Errors", mark: "error", key: "e" },
  { href: "/connections", name: "Connections", mark: "connection", key: "n" },
  { href: "/activity", name: "Activity", mark: "activity", key: "c" },
  { href: "/audit", name: "Audit", mark: "audit", key: "u" },
];

/** As many as the bar on a phone has room for; the others are behind "More". */
export const ON_PHONE = 4;
