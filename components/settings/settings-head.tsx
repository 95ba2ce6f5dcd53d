import { Tabs } from "@/components/ui/tabs";

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
      <Tabs label="Settings" tabs={TABS} here={here} />
    </div>
  );
}
