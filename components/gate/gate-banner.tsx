"use client";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { type BannerTone, bannerWords } from "@/components/gate/banner-words";
import type { GateActions } from "@/components/gate/gate-actions";
import { Phrases } from "@/components/gate/phrases";
import { useGate } from "@/components/live/live-provider";
import { hear } from "@/components/shell/shell-events";
import { Button, buttonClass } from "@/components/ui/button";
import { laterDialog } from "@/components/ui/later";
import { Link } from "@/components/ui/link";
import { Mark, type MarkName } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import type { GateStatus } from "@/lib/gate/status";

const DeactivationDialog = laterDialog(
  async () => (await import("@/components/gate/deactivation-dialog")).DeactivationDialog,
);

const BARS: Record<BannerTone, string> = {
  closed: "bg-closed text-on-closed",
  undecided: "bg-closed text-on-closed hatched",
  closing: "bg-closed text-on-closed",
  sending: "bg-sending text-on-sending",
  error: "bg-error text-on-error",
  quiet: "bg-surface text-soft border-b border-line",
};

/** On the hatching, what is read stands on plain ground. */
const TAPE = "rounded-control bg-closed px-2.5 py-1 md:mr-auto md:flex-initial";

const MARKS: Record<BannerTone, MarkName> = {
  closed: "closedGate",
  undecided: "closedGate",
  closing: "closedGate",
  sending: "openGate",
  error: "error",
  quiet: "openGate",
};

/** Above every page: may this node write to others, or not, and what a person can do about it. */
export function GateBanner({
  initial,
  canOperate,
  actions,
}: {
  initial: GateStatus | null;
  canOperate: boolean;
  actions: Pick<GateActions, "deactivate">;
}) {
  const { gate, isUnreachable, isDatabaseDown, isSignedOut } = useGate(initial);
  if (isSignedOut) {
    return (
      <Bar tone="error" headline="Your session has ended." action={<SignInAgain />}>
        What you see may be old.
      </Bar>
    );
  }
  if (isUnreachable) {
    return (
      <Bar tone="error" headline="The console does not answer.">
        {gate ? (
          <>
            What you see is from <Moment at={gate.now} as="clock" align="start" />.{" "}
          </>
        ) : null}
        It is asked again every few seconds, and this page recovers by itself.
      </Bar>
    );
  }
  if (!gate || isDatabaseDown) {
    return (
      <Bar tone="error" headline="The database does not answer.">
        Nothing new is sent while the gate cannot be read. Check that PostgreSQL runs at{" "}
        <code className="font-mono">DATABASE_URL</code>; this page recovers by itself.
      </Bar>
    );
  }
  return <KnownGate gate={gate} canOperate={canOperate} actions={actions} />;
}

function KnownGate({
  gate,
  canOperate,
  actions,
}: {
  gate: GateStatus;
  canOperate: boolean;
  actions: Pick<GateActions, "deactivate">;
}) {
  const [isDeactivating, setIsDeactivating] = useState(false);
  const mayDeactivate = gate.state === "active" && canOperate;
  useEffect(() => hear("deactivate", () => setIsDeactivating(mayDeactivate)), [mayDeactivate]);
  const isReviewed = usePathname() === "/activation";
  const words = bannerWords(gate);
  const isLoud = words.tone !== "quiet";
  return (
    <>
      <Bar
        tone={words.tone}
        headline={words.headline}
        progress={words.progress}
        action={
          <>
            {words.errorsAt && (
              <Link href={words.errorsAt} className={buttonClass({ look: "bar" })}>
                Show errors
              </Link>
            )}
            {words.call && canOperate && !isReviewed && (
              <Link
                href="/activation"
                className={buttonClass({
                  look: words.tone === "error" || !words.isPressing ? "bar" : "barSolid",
                })}
              >
                {words.call}
              </Link>
            )}
            {words.call && !canOperate && (
              <span>
                An administrator can{" "}
                {words.call === "Review and activate" ? "activate it" : "decide this"}.
              </span>
            )}
            {mayDeactivate && (
              <GateMenu isLoud={isLoud} onDeactivate={() => setIsDeactivating(true)} />
            )}
          </>
        }
      >
        <Phrases of={words.sentence} />{" "}
        {words.why.length > 0 && (
          <span className={isLoud ? "md:block" : ""}>
            <Phrases of={words.why} />
          </span>
        )}
      </Bar>
      {isDeactivating && (
        <DeactivationDialog
          gate={gate}
          deactivate={actions.deactivate}
          onClose={() => setIsDeactivating(false)}
        />
      )}
    </>
  );
}

function Bar({
  tone,
  headline,
  children,
  progress = null,
  action,
}: {
  tone: BannerTone;
  headline: string;
  children: ReactNode;
  progress?: { done: number; of: number } | null;
  action?: ReactNode;
}) {
  const isQuiet = tone === "quiet";
  return (
    <section
      aria-label="Synchronisation"
      data-gate={tone}
      className={`relative z-20 ${BARS[tone]} ${isQuiet ? "text-small" : ""}`}
    >
      <div
        className={`flex flex-wrap items-center gap-x-3 gap-y-2 px-4 md:flex-nowrap ${isQuiet ? "min-h-8 py-0.5" : "min-h-14 py-2"}`}
      >
        <Mark name={MARKS[tone]} className={isQuiet ? "size-3.5" : "size-5"} />
        {/* Only the headline is announced: the numbers behind it change every second. */}
        <p className={`min-w-0 flex-1 basis-60 ${tone === "undecided" ? TAPE : ""}`}>
          <strong
            role="status"
            className={isQuiet ? "font-medium text-ink" : "text-large font-semibold"}
          >
            {headline}
          </strong>{" "}
          {children}
        </p>
        {action && <div className="flex items-center gap-2">{action}</div>}
      </div>
      {progress && (
        <progress
          className="bar rounded-none [--bar:var(--color-sending-bar)]"
          aria-label="Sent since the activation"
          value={progress.done}
          max={progress.of}
        />
      )}
    </section>
  );
}

/** What is rarely wanted stays one step away, so that nobody stops production by a slip. */
function GateMenu({ isLoud, onDeactivate }: { isLoud: boolean; onDeactivate: () => void }) {
  const menuId = useId();
  const menu = useRef<HTMLDivElement>(null);
  return (
    <>
      <Button
        look={isLoud ? "bar" : "quiet"}
        size={isLoud ? "normal" : "small"}
        popoverTarget={menuId}
        aria-label="Synchronisation menu"
      >
        <Mark name="more" className="size-4" />
      </Button>
      <div
        ref={menu}
        id={menuId}
        popover="auto"
        className="menu min-w-48 rounded-panel border border-line bg-raised p-1 text-base text-ink shadow-raised"
      >
        <Button
          look="quiet"
          className="w-full justify-start"
          onClick={() => {
            menu.current?.hidePopover();
            onDeactivate();
          }}
        >
          <Mark name="closedGate" />
          Deactivate…
        </Button>
      </div>
    </>
  );
}

function SignInAgain() {
  return (
    <a href="/sign-in" className={buttonClass({ look: "bar" })}>
      Sign in again
    </a>
  );
}
