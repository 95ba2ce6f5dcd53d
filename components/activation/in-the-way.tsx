"use client";
import { type ReactNode, useState } from "react";
import type { ActivationActions } from "@/components/activation/activation-actions";
import { ANCHORED, anchors } from "@/components/activation/anchors";
import type { Answer } from "@/components/activation/answer-words";
import { HeldConnectionLine } from "@/components/activation/held-connection-line";
import { obstaclesIn } from "@/components/activation/obstacles";
import { TokenLine } from "@/components/activation/token-line";
import { UnconfirmedLine } from "@/components/activation/unconfirmed-line";
import { Address } from "@/components/ui/address";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { count, isAre, list, sentence } from "@/components/ui/words";
import type { GateStatus } from "@/lib/gate/status";
import type { ActivationView } from "@/lib/identity/activation";

type Stopped = GateStatus["stoppedConnections"];

/** What shuts the button, and what a person has to see to or should know before pressing it. */
export function InTheWay({
  view,
  stopped,
  answer,
  actions,
}: {
  view: ActivationView;
  stopped: Stopped;
  answer: Answer;
  actions: ActivationActions | null;
}) {
  const obstacles = obstaclesIn(answer);
  const { heldConnections, unconfirmed, unreadable, unlinked, foreignEvents, unverifiedPairs } =
    view;
  const rejected = view.rejectedTokens.filter((instance) =>
    unreadable.instances.every(({ id }) => id !== instance.id),
  );
  return (
    <Panel
      id="in-the-way"
      title={obstacles.length > 0 ? "What stands in the way" : "What needs a look"}
    >
      <div className="divide-y divide-line">
        {obstacles.length > 0 && (
          <ul className="flex flex-col gap-1.5 bg-error-wash px-4 py-3">
            {obstacles.map((obstacle) => (
              <li key={obstacle} className="flex items-start gap-2.5">
                <Mark name="failed" className="mt-0.5 size-4 text-error-text" />
                <span className="font-medium">{obstacle}.</span>
              </li>
            ))}
          </ul>
        )}
        {stopped.map((connection) => (
          <Remark
            key={connection.id}
            id={anchors.stopped(connection.id)}
            title={`${connection.name} has stopped`}
          >
            {connection.code === "credentials_unreadable" && unreadable.instances.length > 0 ? (
              "It goes on by itself once the token that is asked for below is there."
            ) : connection.code === "credentials_rejected" ? (
              `${sentence(connection.message)} It goes on by itself once a token that works is entered below.`
            ) : (
              <>
                {sentence(connection.message)} What waits there stays until it works again:{" "}
                <Link href="/#connections" className="text-link underline">
                  see to it on the Overview
                </Link>
                .
              </>
            )}
          </Remark>
        ))}
        {unreadable.instances.map((instance) => (
          <TokenLine
            key={instance.id}
            instance={instance}
            trouble="unreadable"
            renew={actions?.renewToken ?? null}
          />
        ))}
        {rejected.map((instance) => (
          <TokenLine
            key={instance.id}
            instance={instance}
            trouble="rejected"
            renew={actions?.renewToken ?? null}
          />
        ))}
        {unreadable.webhooks.length > 0 && <UncheckedWebhooks of={unreadable.webhooks} />}
        {unconfirmed.map((instance) => (
          <UnconfirmedLine
            key={instance.id}
            instance={instance}
            confirm={actions?.confirmInstance ?? null}
          />
        ))}
        {heldConnections.map((connection) => (
          <HeldConnectionLine key={connection.id} connection={connection} actions={actions} />
        ))}
        {unverifiedPairs > 0 && (
          <Remark
            id="unverified"
            title={`${count(unverifiedPairs, "pair")} ${isAre(unverifiedPairs)} not verified yet`}
          >
            A side was pointed elsewhere. Nothing is written to a pair until the mark that we left
            on its issue is found there; that is looked for before each is sent.
          </Remark>
        )}
        {foreignEvents.map((events, index) => (
          <Remark
            id={index === 0 ? "foreign-events" : undefined}
            key={`${events.connection}-${events.side}-${events.base}`}
            title={`${count(events.events, "event")} came from another instance than ${events.connection} is connected to`}
          >
            They name{" "}
            <span className="font-mono text-ink">
              <Address of={events.base} />
            </span>{" "}
            and were sent to the {events.side} side, the last{" "}
            <Moment at={events.lastAt} align="start" />. They are not used: a webhook there still
            points at this console.
          </Remark>
        ))}
        {unlinked.length > 0 && <Unlinked unlinked={unlinked} />}
      </div>
    </Panel>
  );
}

function Remark({
  id,
  title,
  children,
}: {
  id: string | undefined;
  title: string;
  children: ReactNode;
}) {
  return (
    <div id={id} className={`flex items-start gap-2.5 px-4 py-3 ${ANCHORED}`}>
      <Mark name="error" className="mt-0.5 size-4 text-closed-text" />
      <div className="min-w-0">
        <h3 className="font-medium">{title}</h3>
        <p className="max-w-prose text-soft">{children}</p>
      </div>
    </div>
  );
}

function UncheckedWebhooks({ of }: { of: ActivationView["unreadable"]["webhooks"] }) {
  return (
    <div id="webhooks" className={`flex items-start gap-2.5 px-4 py-3 ${ANCHORED}`}>
      <Mark name="error" className="mt-0.5 size-4 text-closed-text" />
      <div className="min-w-0 flex-1">
        <h3 className="font-medium">Webhooks of {list(of.map(({ name }) => name))} are refused</h3>
        <p className="max-w-prose text-soft">
          Their secret was sealed with another node's key, so nobody can tell who sent them. Changes
          are still found by polling, only later. Ask the API for a new secret, then set it in the
          webhooks of both instances:
        </p>
        <ul className="mt-2 flex flex-col gap-1">
          {of.map(({ id, name }) => (
            <li key={id} className="flex flex-wrap gap-x-3">
              <span>{name}</span>
              <code className="font-mono">
                <Address of={`POST /api/v1/connections/${id}/webhook-secrets`} />
              </code>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

const UNLINKED_SHOWN = 5;

function Unlinked({ unlinked }: { unlinked: ActivationView["unlinked"] }) {
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? unlinked : unlinked.slice(0, UNLINKED_SHOWN);
  return (
    <div id="unlinked" className={`flex items-start gap-2.5 px-4 py-3 ${ANCHORED}`}>
      <Mark name="error" className="mt-0.5 size-4 text-closed-text" />
      <div className="min-w-0 flex-1">
        <h3 className="font-medium">
          {count(unlinked.length, "pair")} {unlinked.length === 1 ? "has" : "have"} ended
        </h3>
        <p className="max-w-prose text-soft">
          Their issues are not touched and no longer kept in step. Connect them again if they are
          the right ones.
        </p>
        <ul className="mt-2 flex flex-col gap-1">
          {shown.map((pair) => (
            <li key={pair.id} className="flex flex-wrap gap-x-3">
              <span className="font-mono">
                {pair.localKey ?? "no issue"} – {pair.remoteKey ?? "no issue"}
              </span>
              <span className="text-soft">
                {pair.connection}: {pair.reason}, <Moment at={pair.at} align="start" />
              </span>
            </li>
          ))}
        </ul>
        {unlinked.length > shown.length && (
          <Button size="small" className="mt-2" onClick={() => setIsWhole(true)}>
            Show {unlinked.length - shown.length} more
          </Button>
        )}
      </div>
    </div>
  );
}
