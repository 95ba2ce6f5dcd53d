"use client";
import { queryOptions, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { Term } from "@/components/help/term";
import { fetchJson } from "@/components/live/fetch-json";
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
    how: () => "It appears here under “Recently sent”, and this list goes away.",
  },
};

/** The way from an empty node to the first issue in step. Ticks itself, and leaves when it is done. */
export function FirstStepsPanel({
  initial,
  connectionHref,
}: {
  initial: FirstSteps;
  /** Where existing issues are brought in. */
  connectionHref: string;
}) {
  const { data: steps } = useQuery({ ...firstStepsQuery(), initialData: initial });
  if (isUnderWay(steps)) return null;
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
