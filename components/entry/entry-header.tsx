"use client";
import { useState, useTransition } from "react";
import { DirectionMark } from "@/components/sync-queue/direction-mark";
import {
  ENTRY_VERBS,
  type EntryActions,
  type EntryVerb,
  isOffered,
  VERB_LABELS,
} from "@/components/sync-queue/entry-actions";
import { StateMark } from "@/components/sync-queue/state-mark";
import { useEntryActions } from "@/components/sync-queue/use-entry-actions";
import { Button } from "@/components/ui/button";
import { laterDialog } from "@/components/ui/later";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { fieldClass } from "@/components/ui/reason-field";
import { count } from "@/components/ui/words";
import { adviceFor, helpPath } from "@/lib/error-log/advice";
import type { EntryDetail } from "@/lib/sync-queue/detail";

const DiscardDialog = laterDialog(
  async () => (await import("@/components/sync-queue/discard-dialog")).DiscardDialog,
);

/** Which issue this is, where both of the pair are, how the entry stands, and what one can do with it. */
export function EntryHeader({
  detail,
  isGone,
  actions,
}: {
  detail: EntryDetail;
  isGone: boolean;
  actions: EntryActions | null;
}) {
  const { row, pair } = detail;
  return (
    <header className="flex flex-col gap-3">
      <Link href="/sync-queue" className="w-fit text-soft hover:text-ink">
        ← Sync Queue
      </Link>
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h1 className="text-title font-semibold">
          <span className="font-mono">{row.issueKey}</span> {row.summary}
        </h1>
      </div>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-soft">
        <StateMark state={isGone ? "done" : row.state} />
        {row.direction && <DirectionMark direction={row.direction} />}
        <span>{row.connection.name}</span>
        {!isGone && (
          <span>
            waits for <Moment at={row.createdAt} as="age" align="start" />
          </span>
        )}
        {row.failures > 0 && <span>{count(row.failures, "failed attempt")}</span>}
        {!isGone && detail.nextTryAt && (
          <span>
            next try <Moment at={detail.nextTryAt} as="until" align="start" />
          </span>
        )}
        <Link href={`/issues/${pair.id}`} className="text-link hover:underline">
          This pair and its history
        </Link>
        <IssueLink side={pair.local} />
        <IssueLink side={pair.remote} />
      </p>
      {!isGone && row.state === "held" && (
        <p className="rounded-panel border border-line bg-surface px-4 py-3">
          <Mark name="held" className="mr-2 inline size-3.5 align-[-2px]" />
          Held{row.heldBy && ` by ${row.heldBy}`}
          {detail.heldReason && `: “${detail.heldReason}”`}. It is not sent until somebody releases
          it.
        </p>
      )}
      {!isGone && row.error && (
        <p className="rounded-panel border border-error-text bg-error-wash px-4 py-3">
          <span className="font-medium text-error-text">{adviceFor(row.error.code).title}</span>:{" "}
          {row.error.message}
          {helpPath(row.error.code) && (
            <>
              {" "}
              <Link
                href={helpPath(row.error.code) ?? ""}
                className="text-link whitespace-nowrap underline"
              >
                More about this error
              </Link>
            </>
          )}
        </p>
      )}
      {actions && !isGone && <EntryButtons detail={detail} actions={actions} />}
    </header>
  );
}

function IssueLink({ side }: { side: EntryDetail["pair"]["local"] }) {
  if (!side.key) return <span>{side.instance}: no issue yet</span>;
  if (!side.url) {
    return (
      <span>
        {side.instance} <span className="font-mono">{side.key}</span>
      </span>
    );
  }
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

function EntryButtons({ detail, actions }: { detail: EntryDetail; actions: EntryActions }) {
  const [reason, setReason] = useState("");
  const [isPending, startTransition] = useTransition();
  const [isDiscarding, setIsDiscarding] = useState(false);
  const act = useEntryActions(actions);
  const verbs = ENTRY_VERBS.filter((verb) => isOffered(verb, detail.row.state));
  if (verbs.length === 0) return null;

  function request(verb: EntryVerb): void {
    if (verb === "discard") {
      setIsDiscarding(true);
      return;
    }
    startTransition(async () => {
      if (await act(verb, [detail.row], reason.trim() || undefined)) setReason("");
    });
  }

  return (
    <div className="flex flex-wrap items-center gap-2">
      {verbs.map((verb) => (
        <Button key={verb} disabled={isPending} onClick={() => request(verb)}>
          {VERB_LABELS[verb]}
          {verb === "discard" && "…"}
        </Button>
      ))}
      <label className="min-w-48 flex-1 sm:max-w-80">
        <span className="sr-only">Reason</span>
        <input
          className={fieldClass}
          placeholder="Reason (optional)"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      {isDiscarding && (
        <DiscardDialog
          targets={[detail.row]}
          initialReason={reason}
          discard={(given) => act("discard", [detail.row], given)}
          onClose={() => setIsDiscarding(false)}
        />
      )}
    </div>
  );
}
