"use client";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { Term } from "@/components/help/term";
import { fetchJson } from "@/components/live/fetch-json";
import { rememberFirstSteps } from "@/components/overview/first-steps-cookie";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { Panel } from "@/components/ui/panel";
import { type FirstStep, type FirstSteps, isUnderWay } from "@/lib/gate/first-steps";

const LOOK_EVERY_MS = 5_000;

function firstStepsQuery() {
  return queryOptions({
    queryKey: ["first-steps"],
    queryFn: ({ signal }) => fetchJson<FirstSteps>("/api/first-steps", signal),
    refetchInterval: LOOK_EVERY_MS,
  });
}

const STEPS: Record<FirstStep, { name: string; how: (connectionHref: string) => ReactNode }> = {
  worker: {
    name: "A worker runs",
    how: () => (
      <>
        The process that reads and sends. <code className="font-mono">npm start</code> starts one
        with the console, <code className="font-mono">npm run worker</code> one more.
      </>
    ),
  },
  instances: {
    name: "Two instances are named",
    how: () => (
      <>
        <Link href="/connections/new" className="text-link underline">
          Name both
        </Link>{" "}
        in the first steps of a connection. Each <Term word="instance">instance</Term> is looked at
        when it is named; nothing is written.
      </>
    ),
  },
  connection: {
    name: "They are connected",
    how: () => (
      <>
        A <Term word="connection">connection</Term> says which issues, which fields, and who wins.{" "}
        <Link href="/connections/new" className="text-link underline">
          Make the first
        </Link>
        .
      </>
    ),
  },
  pairs: {
    name: "Issues are under sync",
    how: (connectionHref) => (
      <>
        What the <Term word="trigger">trigger</Term> names comes in when it changes. Edit one, or{" "}
        <Link href={connectionHref} className="text-link underline">
          bring in what exists already
        </Link>
        .
      </>
    ),
  },
  activation: {
    name: "Synchronisation is activated",
    how: () => (
      <>
        Until then nothing is sent.{" "}
        <Link href="/activation" className="text-link underline">
          Review what would be
        </Link>
        , then activate.
      </>
    ),
  },
  synced: {
    name: "The first issue is in step",
    how: () => "It appears here under “Recently sent”, and this list has done its work.",
  },
};

/**
 * The way from an empty node to the first issue in step. Ticks itself; when all is done it says so once to
 * whoever saw it before, and leaves when it is closed.
 */
export function FirstStepsPanel({
  initial,
  connectionHref,
}: {
  initial: FirstSteps;
  /** Where existing issues are brought in. */
  connectionHref: string;
}) {
  const { data: steps } = useQuery({ ...firstStepsQuery(), initialData: initial });
  const [isClosed, setIsClosed] = useState(false);
  const isOver = isUnderWay(steps);
  useEffect(() => {
    if (!isOver) rememberFirstSteps(true);
  }, [isOver]);
  if (isOver && isClosed) return null;
  if (isOver)
    return (
      <section
        aria-label="First steps"
        className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-panel border border-line bg-surface px-4 py-2"
      >
        <Mark name="done" className="size-4 text-fine" />
        <p role="status" className="min-w-0 flex-1 basis-60">
          <span className="font-medium">The first steps are done.</span>{" "}
          <span className="text-soft">
            The first issue is in step. From now on this page tells what waits and what was sent.
          </span>
        </p>
        <Button
          size="small"
          onClick={() => {
            rememberFirstSteps(false);
            setIsClosed(true);
          }}
        >
          Close
        </Button>
      </section>
    );
  const next = steps.find(({ isDone }) => !isDone)?.step;
  const done = steps.filter(({ isDone }) => isDone).length;
  return (
    <Panel title="First steps" aside={`${done} of ${steps.length} done`}>
      <ol className="grid gap-x-6 p-2 md:grid-cols-2 xl:grid-cols-3">
        {steps.map(({ step, isDone }) => (
          <li
            key={step}
            aria-current={step === next ? "step" : undefined}
            className={`flex gap-3 rounded-control px-2 py-2 ${step === next ? "bg-selected" : ""}`}
          >
            <Mark
              name={isDone ? "done" : "queued"}
              className={`mt-0.5 size-4 ${isDone ? "text-fine" : "text-soft"}`}
            />
            <div className="min-w-0">
              <p className={isDone ? "text-soft" : "font-medium"}>
                <span className="sr-only">{isDone ? "Done: " : "To do: "}</span>
                {STEPS[step].name}
              </p>
              {!isDone && <p className="text-soft">{STEPS[step].how(connectionHref)}</p>}
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
