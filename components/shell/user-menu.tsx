import type { Theme } from "@/components/shell/theme";
import { ThemeChoice } from "@/components/shell/theme-choice";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";

/** Who is signed in, how it looks to them, and the way out. */
export function UserMenu({
  name,
  email,
  role,
  theme,
  signOut,
}: {
  name: string;
  email: string;
  role: string;
  theme: Theme;
  signOut: () => Promise<void>;
}) {
  return (
    <>
      <Button
        look="quiet"
        popoverTarget="user-menu"
        aria-label={`Account: ${name}`}
        className="max-w-48"
      >
        <span
          aria-hidden="true"
          className="grid size-6 place-items-center rounded-full bg-line text-small font-semibold"
        >
          {name.trim().charAt(0).toUpperCase()}
        </span>
        <span className="hidden truncate sm:inline">{name}</span>
      </Button>
      <div
        id="user-menu"
        popover="auto"
        className="menu w-60 rounded-panel border border-line bg-raised p-1 text-ink shadow-raised"
      >
        <div className="border-b border-line px-2 py-2">
          <p className="truncate font-medium">{name}</p>
          <p className="truncate text-soft">{email}</p>
          <p className="text-small text-soft">Role: {role}</p>
        </div>
        <ThemeChoice initial={theme} />
        <div className="mt-1 border-t border-line pt-1">
          <Link
            href="/settings"
            className="flex h-8 items-center rounded-control px-2 hover:bg-hover"
          >
            Settings
          </Link>
          <Link
            href="/docs/api"
            className="flex h-8 items-center rounded-control px-2 hover:bg-hover"
          >
            API for programs
          </Link>
        </div>
        <form action={signOut} className="mt-1 border-t border-line pt-1">
          <Button look="quiet" type="submit" className="w-full justify-start px-2">
            Sign out
          </Button>
        </form>
      </div>
    </>
  );
}
