import { Tabs } from "@/components/ui/tabs";

const TABS = [
  { href: "/errors", name: "Now" },
  { href: "/errors/history", name: "History" },
] as const;

/** The errors of now, and those that have ended. */
export function ErrorsTabs({ here }: { here: (typeof TABS)[number]["href"] }) {
  return <Tabs label="Errors" tabs={TABS} here={here} />;
}
