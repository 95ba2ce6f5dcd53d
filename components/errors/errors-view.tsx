"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTransition } from "react";
import type { ErrorActions } from "@/components/errors/error-actions";
import { ErrorGroupItem } from "@/components/errors/error-group-item";
import { errorsSummary } from "@/components/errors/error-words";
import { errorsQuery } from "@/components/errors/errors-query";
import { ErrorsTabs } from "@/components/errors/errors-tabs";
import { StoppedConnectionItem } from "@/components/errors/stopped-connection-item";
import { type ActionResult, answered } from "@/components/gate/gate-actions";
import { Button, buttonClass } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { Nothing, Panel } from "@/components/ui/panel";
import { toast } from "@/components/ui/toast";
import { count, list } from "@/components/ui/words";
import type { CurrentErrors } from "@/lib/error-log/error-groups";

/** Errors: what stands in the way, by level and cause, what to do next, and what waits on it. */
export function ErrorsView({
  initial,
  actions,
}: {
  initial: CurrentErrors;
  actions: ErrorActions;
}) {
  const { data: errors } = useQuery({
    ...errorsQuery(),
    initialData: initial,
    initialDataUpdatedAt: Date.parse(initial.now),
  });
  const client = useQueryClient();
  const [isPending, startTransition] = useTransition();
  const { connections, paused, groups } = errors;
  const isClear = connections.length + paused.length + groups.length === 0;

  function run(action: Promise<ActionResult>, done: (changed: number) => string): void {
    startTransition(async () => {
      const result = await answered(action);
      if (result.ok) toast(done(result.changed ?? 1));
      else toast.error(result.message);
      await client.invalidateQueries();
    });
  }

  const { retryAll } = actions;
  return (
    <>
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h1 className="text-title font-semibold">Errors</h1>
        <div className="flex flex-wrap items-center gap-3">
          {retryAll && connections.length + groups.length > 1 && (
            <Button
              disabled={isPending}
              onClick={() =>
                run(
                  retryAll({}),
                  (changed) => `${count(changed, "error")} tried again as soon as possible.`,
                )
              }
            >
              Try everything again
            </Button>
          )}
          <ErrorsTabs here="/errors" />
        </div>
      </header>
      <p role="status" className="text-soft">
        {errorsSummary(errors)}
      </p>
      {isClear && (
        <Panel title="Now">
          <Nothing title="No error stands.">
            <p>
              An error appears here with what to do about it, and leaves by itself when it ends.
              Earlier errors are kept in the history.
            </p>
            <Link href="/errors/history" className={`${buttonClass()} mt-3`}>
              History
            </Link>
          </Nothing>
        </Panel>
      )}
      {connections.length > 0 && (
        <Panel title="Connections" aside="nothing is sent on them">
          <ul className="divide-y divide-line">
            {connections.map((connection) => (
              <StoppedConnectionItem
                key={connection.id}
                connection={connection}
                isPending={isPending}
                retry={
                  actions.retryConnection &&
                  ((id) =>
                    run(
                      actions.retryConnection?.({ id }) ?? never(),
                      () => `${connection.name} tries again now.`,
                    ))
                }
              />
            ))}
          </ul>
        </Panel>
      )}
      {paused.length > 0 && (
        <Panel title="Instances that asked for a pause" aside="end by themselves">
          <ul className="divide-y divide-line">
            {paused.map((instance) => (
              <li key={instance.id} className="flex flex-wrap gap-x-4 px-4 py-3">
                <span className="inline-flex items-center gap-1.5 font-medium">
                  <Mark name="held" /> {instance.name}
                </span>
                <span className="text-soft">
                  asked again <Moment at={instance.until} as="until" align="start" />
                  {instance.connections.length > 0 && ` · ${list(instance.connections)}`}
                </span>
                <Link
                  href="/help/errors/rate_limited"
                  className="text-link hover:underline"
                  prefetch={false}
                >
                  Why
                </Link>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {groups.length > 0 && (
        <Panel title="Issues" aside="only these pairs wait">
          <ul className="divide-y divide-line">
            {groups.map((group) => (
              <ErrorGroupItem
                key={`${group.code} ${group.cause}`}
                group={group}
                isPending={isPending}
                retryGroup={
                  actions.retryGroup &&
                  (() =>
                    run(
                      actions.retryGroup?.({ code: group.code, cause: group.cause }) ?? never(),
                      (changed) => `${count(changed, "issue")} tried again as soon as possible.`,
                    ))
                }
                retryOne={
                  actions.retryEntries &&
                  ((issue) =>
                    run(
                      actions.retryEntries?.({ ids: [issue.entryId] }) ?? never(),
                      () => `${issue.key} is tried again as soon as possible.`,
                    ))
                }
              />
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}

function never(): Promise<ActionResult> {
  return Promise.resolve({ ok: false, message: "You may not do this." });
}
