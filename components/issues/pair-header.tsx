"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useState, useTransition } from "react";
import { type ActionResult, answered } from "@/components/gate/gate-actions";
import type { PairActions } from "@/components/issues/pair-actions";
import { StandingMark } from "@/components/issues/standing-mark";
import { Button } from "@/components/ui/button";
import { laterDialog } from "@/components/ui/later";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { toast } from "@/components/ui/toast";
import { helpPath } from "@/lib/error-log/advice";
import type { PairDetail, PairSide } from "@/lib/pairs/pair";

const StopDialog = laterDialog(
  async () => (await import("@/components/issues/stop-dialog")).StopDialog,
);

/** Which pair this is, where both issues are, how it stands and why, and what one can do with it. */
export function PairHeader({
  pair,
  why,
  actions,
}: {
  pair: PairDetail;
  why: string[];
  actions: PairActions;
}) {
  const { row, entry } = pair;
  const error = entry?.error ?? pair.connectionError;
  const help = error && helpPath(error.code);
  return (
    <header className="flex flex-col gap-3">
      <Link href="/issues" className="w-fit text-soft hover:text-ink">
        ← Issues
      </Link>
      <h1 className="text-title font-semibold break-words">
        <span className="font-mono">{row.localKey ?? row.remoteKey}</span> {row.summary}
      </h1>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-soft">
        <StandingMark standing={row.standing} />
        <Link href={`/issues?connection=${row.connection.id}`} className="hover:text-ink">
          {row.connection.name}
        </Link>
        {row.inStepAt && (
          <span>
            last in step <Moment at={row.inStepAt} align="start" />
          </span>
        )}
        <span>
          under sync since <Moment at={pair.createdAt} align="start" />
        </span>
        <IssueLink side={pair.local} />
        <IssueLink side={pair.remote} />
      </p>
      <div
        role="status"
        className={`flex flex-col gap-1 rounded-panel border px-4 py-3 ${error && row.standing === "failed" ? "border-error-text bg-error-wash" : "border-line bg-surface"}`}
      >
        {why.map((words) => (
          <p key={words} className="max-w-prose">
            {words}
          </p>
        ))}
        {entry?.error && <p className="break-words text-soft">{entry.error.message}</p>}
        <p className="flex flex-wrap gap-x-4">
          {entry && (
            <Link href={`/sync-queue/${entry.id}`} className="text-link hover:underline">
              What will be sent
            </Link>
          )}
          {help && (
            <Link href={help} className="text-link hover:underline">
              This error explained
            </Link>
          )}
          <Link
            href={`/errors/history?pair=${row.id}`}
            prefetch={false}
            className="text-link hover:underline"
          >
            Errors that this pair had
          </Link>
        </p>
      </div>
      <PairButtons pair={pair} actions={actions} />
    </header>
  );
}

function IssueLink({ side }: { side: PairSide }) {
  if (!side.url) return <span>{side.instance}: no issue yet</span>;
  return (
    <a
      href={side.url}
      target="_blank"
      rel="noreferrer"
      className="inline-flex items-center gap-1.5 text-link hover:underline"
    >
      {side.instance} <span className="font-mono">{side.key}</span>
      <Mark name="away" className="size-3" />
      <span className="sr-only">(opens in a new tab)</span>
    </a>
  );
}

function PairButtons({ pair, actions }: { pair: PairDetail; actions: PairActions }) {
  const client = useQueryClient();
  const [isPending, startTransition] = useTransition();
  const [isStopping, setIsStopping] = useState(false);
  const { id } = pair.row;
  const key = pair.row.localKey ?? pair.row.remoteKey ?? "The pair";

  async function run(
    action: Promise<ActionResult>,
    done: string,
    undo?: () => void,
  ): Promise<boolean> {
    const result = await answered(action);
    if (result.ok) toast(done, undo && { action: { label: "Undo", onClick: undo } });
    else toast.error(result.message);
    await client.invalidateQueries();
    return result.ok;
  }

  const { sync, stop, start } = actions;
  const restart = () => start && void run(start({ id }), `${key} is under sync again.`);
  if (pair.stopped) {
    if (!start) return null;
    return (
      <Button
        look="primary"
        className="w-fit"
        disabled={isPending}
        onClick={() =>
          startTransition(async () => {
            await run(start({ id }), `${key} is under sync again, and both issues are read.`);
          })
        }
      >
        Start sync again
      </Button>
    );
  }
  return (
    <div className="flex flex-wrap gap-2 empty:hidden">
      {sync && (
        <Button
          disabled={isPending}
          onClick={() =>
            startTransition(async () => {
              await run(sync({ id }), `Both issues of ${key} are read again.`);
            })
          }
        >
          Sync now
        </Button>
      )}
      {stop && (
        <Button disabled={isPending} onClick={() => setIsStopping(true)}>
          Stop sync…
        </Button>
      )}
      {isStopping && stop && (
        <StopDialog
          pair={pair}
          stop={async (reason) => {
            const isDone = await run(
              stop({ id, ...(reason && { reason }) }),
              `Sync of ${key} is stopped. Both issues stay as they are.`,
              restart,
            );
            // A stopped pair has other buttons: by now the dialog may be gone, and must not come back with them.
            if (isDone) setIsStopping(false);
            return isDone;
          }}
          onClose={() => setIsStopping(false)}
        />
      )}
    </div>
  );
}
