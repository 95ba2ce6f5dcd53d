"use client";
import { useState, useTransition } from "react";
import type { WebhookActions } from "@/components/connections/webhook-actions";
import {
  adviceFor,
  arrivalOf,
  isOnlyHidden,
  offersOf,
  othersOf,
  otherWords,
  oursOf,
  plainWords,
  reachWarning,
  standingOf,
  type Told,
} from "@/components/connections/webhook-words";
import { answered } from "@/components/gate/gate-actions";
import { Address } from "@/components/ui/address";
import { Button } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import type { WebhookSide } from "@/lib/connections/webhook-page";
import type { Want } from "@/lib/connections/webhook-rules";

const TONES: Record<Told["tone"], string> = {
  fine: "text-fine",
  soft: "text-soft",
  warn: "text-closed-text",
  error: "text-error-text",
  running: "text-running-text",
};

/** The webhook of one side: how it stands, whether its events reach us, and what can be done about it. */
export function WebhookSideFacts({
  id,
  side,
  project,
  actions,
  onDone,
}: {
  id: number;
  side: WebhookSide;
  project: string;
  /** Null for people who may only look. */
  actions: WebhookActions | null;
  /** The state may be another one by now. */
  onDone: () => Promise<unknown>;
}) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();
  const ours = oursOf(side);
  const said = side.failure ?? (ours ? null : side.trouble);
  const warning = side.hasWebhooks ? reachWarning(side) : null;

  function want(wanted: Want): void {
    if (!actions) return;
    startTransition(async () => {
      const result = await answered(actions.want({ id, side: side.side, want: wanted }));
      setRefusal(result.ok ? null : result.message);
      await onDone();
    });
  }

  return (
    <section className="flex min-w-0 flex-col gap-3 p-4" aria-label={`Webhook at ${side.instance}`}>
      <h3 className="font-medium">
        {side.instance} <span className="font-normal text-soft">· {side.side} side</span>
      </h3>
      <div aria-live="polite" className="flex flex-col gap-3">
        <Line told={standingOf(side)} />
        {said && isOnlyHidden(side) && (
          <details className="text-soft">
            <summary className="w-fit">What {side.instance} answered, and what can be done</summary>
            <p className="mt-1 break-words">{plainWords(said.message)}</p>
            <p className="mt-1">{adviceFor(said.code)}</p>
          </details>
        )}
        {said && !isOnlyHidden(side) && (
          <div className="rounded-control bg-error-wash px-3 py-2">
            <p className="break-words text-error-text">{plainWords(said.message)}</p>
            {adviceFor(said.code) && <p className="mt-1">{adviceFor(said.code)}</p>}
          </div>
        )}
        {side.hasWebhooks && <Arrival side={side} project={project} />}
      </div>
      {side.hasWebhooks && (
        <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-4 gap-y-1 [&>dt]:text-soft">
          <dt>Posts to</dt>
          <dd className="font-mono select-all">
            <Address of={side.address} />
          </dd>
          {ours && (
            <>
              <dt>Tells of</dt>
              <dd className="break-words">{ours.events.map(eventWords).join(", ")}</dd>
              {(ours.since ?? side.registeredAt) && (
                <>
                  <dt>Since</dt>
                  <dd>
                    <Moment at={ours.since ?? side.registeredAt ?? ""} align="start" />
                  </dd>
                </>
              )}
            </>
          )}
        </dl>
      )}
      {warning && (
        <Line told={{ mark: "error", tone: "warn", word: "Out of reach", said: warning }} />
      )}
      {othersOf(side).map((other) => (
        <div key={other.id} className="rounded-control border border-line px-3 py-2">
          <p className="break-words">
            <Mark name="inherited" className="mr-2 inline size-3.5 align-[-2px]" />
            <span className="font-medium">Another webhook</span> posts to{" "}
            <span className="font-mono">
              <Address of={other.address} />
            </span>
          </p>
          <p className="mt-1 text-soft">{otherWords(other, side.instance)}</p>
        </div>
      ))}
      <p role="alert" className="text-error-text empty:hidden">
        {refusal}
      </p>
      {actions && (
        <div className="flex flex-wrap items-center gap-2">
          {offersOf(side).map((offer) => (
            <Button
              key={offer.words}
              size="small"
              disabled={isPending}
              onClick={() => want(offer.want)}
            >
              {offer.words}
              <span className="sr-only">, {side.instance}</span>
            </Button>
          ))}
          {side.lookedAt && !side.wish && (
            <span className="text-small text-soft">
              Looked <Moment at={side.lookedAt} as="lately" align="start" />
            </span>
          )}
        </div>
      )}
    </section>
  );
}

function Line({ told: { mark, tone, word, said } }: { told: Told }) {
  return (
    <p className="flex gap-2">
      <Mark name={mark} className={`mt-0.5 size-4 ${TONES[tone]}`} />
      <span className="min-w-0 break-words">
        <span className={`font-medium ${tone === "soft" ? "" : TONES[tone]}`}>{word}.</span> {said}
      </span>
    </p>
  );
}

function Arrival({ side, project }: { side: WebhookSide; project: string }) {
  const { mark, tone, word, said, at } = arrivalOf(side, project);
  return (
    <p className="flex gap-2">
      <Mark name={mark} className={`mt-0.5 size-4 ${TONES[tone]}`} />
      <span className="min-w-0 break-words">
        <span className={`font-medium ${tone === "soft" ? "" : TONES[tone]}`}>
          {word}
          {at ? ": " : "."}
        </span>
        {at && (
          <>
            <Moment at={at} as="lately" align="start" />.
          </>
        )}{" "}
        {said}
      </span>
    </p>
  );
}

/** "jira:issue_created" as people read it: "issue created". */
function eventWords(event: string): string {
  return event
    .replace(/^jira:/, "")
    .replace("issuelink", "link")
    .replaceAll("_", " ");
}
