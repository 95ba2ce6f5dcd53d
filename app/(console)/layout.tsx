import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { confirmPasswordAgain, deactivateSync, signOutAction } from "@/app/(console)/actions";
import { SessionEnded } from "@/components/access/session-ended";
import { GateBanner } from "@/components/gate/gate-banner";
import { PasswordAgain } from "@/components/gate/password-again";
import { LiveIndicator } from "@/components/live/live-indicator";
import { LiveProvider } from "@/components/live/live-provider";
import { Palette } from "@/components/palette/palette";
import { PaletteButton } from "@/components/palette/palette-button";
import { NavLinks } from "@/components/shell/nav-links";
import { NodeName } from "@/components/shell/node-name";
import { ShellKeys } from "@/components/shell/shell-keys";
import { parseTheme, THEME_COOKIE } from "@/components/shell/theme";
import { UserMenu } from "@/components/shell/user-menu";
import { ClockProvider } from "@/components/ui/clock";
import { Toasts } from "@/components/ui/toasts";
import { mayDo } from "@/lib/access/permissions";
import { readBanner } from "@/lib/data/gate";
import { requirePermission } from "@/lib/data/viewer";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const viewer = await requirePermission("gate:read");
  const [gate, jar] = await Promise.all([readBanner(), cookies()]);
  return (
    <LiveProvider>
      <ClockProvider serverNow={gate.now}>
        <a
          href="#content"
          className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-control focus:bg-raised focus:px-3 focus:py-2"
        >
          Skip to the content
        </a>
        <div className="flex min-h-dvh flex-col md:h-dvh">
          <div className="sticky top-0 z-30 md:static">
            <GateBanner
              initial={gate}
              canOperate={mayDo(viewer.role, "gate:operate")}
              actions={{ deactivate: deactivateSync }}
            />
          </div>
          <header className="flex h-12 shrink-0 items-center justify-between gap-4 border-b border-line px-4">
            <NodeName initial={gate} />
            <div className="flex items-center gap-3">
              <PaletteButton />
              <LiveIndicator />
              <UserMenu
                name={viewer.name}
                email={viewer.email}
                role={viewer.role}
                theme={parseTheme(jar.get(THEME_COOKIE)?.value)}
                signOut={signOutAction}
              />
            </div>
          </header>
          <div className="flex min-h-0 flex-1">
            <NavLinks />
            <main
              id="content"
              tabIndex={-1}
              // What is placed for screen readers alone scrolls along, instead of making the page taller.
              className="relative min-w-0 flex-1 outline-none md:overflow-y-auto"
            >
              <div className="mx-auto flex max-w-[1440px] flex-col gap-4 px-4 pt-4 pb-20 md:px-6 md:pt-5 md:pb-6">
                {children}
              </div>
            </main>
          </div>
        </div>
        <PasswordAgain confirm={confirmPasswordAgain} />
        <SessionEnded email={viewer.email} />
        <Palette
          canOperate={mayDo(viewer.role, "gate:operate")}
          canConnect={mayDo(viewer.role, "connections:write")}
          signOut={signOutAction}
        />
        <ShellKeys />
        <Toasts />
      </ClockProvider>
    </LiveProvider>
  );
}
