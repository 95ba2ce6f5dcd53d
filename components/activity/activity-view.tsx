"use client";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { ActivationsPanel } from "@/components/activity/activations-panel";
import {
  type ActivityAddress,
  activitySearch,
  parseActivityAddress,
} from "@/components/activity/activity-address";
import { activationsQuery, chartsQuery } from "@/components/activity/activity-query";
import { ByConnectionPanel, ChartsPanel } from "@/components/activity/charts-panel";
import {
  type ActivationPage,
  type ActivityCharts,
  SPAN_NAMES,
  SPANS,
} from "@/lib/activity/activity";

/** What the node did, over time and activation by activation. The address says what is shown. */
export function ActivityView({
  initial,
  connections,
  canReadAudit,
}: {
  initial: { search: string; charts: ActivityCharts; activations: ActivationPage };
  connections: { id: number; name: string }[];
  canReadAudit: boolean;
}) {
  const address = parseActivityAddress(new URLSearchParams(useSearchParams()));
  const isInitial = activitySearch(address) === initial.search;
  const charts = useQuery({
    ...chartsQuery(address),
    ...(isInitial && {
      initialData: initial.charts,
      initialDataUpdatedAt: Date.parse(initial.charts.now),
    }),
  });
  const activations = useQuery({
    ...activationsQuery(address),
    ...(isInitial && {
      initialData: initial.activations,
      initialDataUpdatedAt: Date.parse(initial.activations.now),
    }),
  });
  const to = (change: Partial<ActivityAddress>) =>
    `/activity${activitySearch({ ...address, ...change })}`;
  function go(change: Partial<ActivityAddress>): void {
    window.history.pushState(null, "", to(change));
  }

  return (
    <>
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h1 className="text-title font-semibold">Activity</h1>
        <search className="flex flex-wrap items-center gap-2">
          <select
            aria-label="Connection"
            className="h-9 max-w-44 rounded-control border border-line bg-surface px-2 hover:bg-hover"
            value={address.connection ?? ""}
            onChange={(event) => go({ connection: Number(event.target.value) || undefined })}
          >
            <option value="">All connections</option>
            {connections.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
          <nav aria-label="How far back">
            <ul className="flex rounded-control border border-line bg-surface p-0.5">
              {SPAN_NAMES.map((span) => (
                <li key={span}>
                  <a
                    href={to({ span })}
                    aria-label={SPANS[span].words}
                    aria-current={span === address.span ? "true" : undefined}
                    className={`flex h-7.5 items-center rounded-[4px] px-2 ${span === address.span ? "bg-selected font-medium text-ink" : "text-soft hover:bg-hover hover:text-ink"}`}
                    onClick={(event) => {
                      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0)
                        return;
                      event.preventDefault();
                      go({ span });
                    }}
                  >
                    {span}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        </search>
      </header>
      {charts.data && (
        <div
          aria-busy={charts.isPlaceholderData}
          className={`flex flex-col gap-4 ${charts.isPlaceholderData ? "opacity-60" : ""}`}
        >
          <ChartsPanel charts={charts.data} />
          {address.connection === undefined && (
            <ByConnectionPanel
              charts={charts.data}
              addressOf={(connection) => to({ connection })}
            />
          )}
        </div>
      )}
      {activations.data && (
        <ActivationsPanel
          page={activations.data}
          isFirst={address.before === undefined}
          canReadAudit={canReadAudit}
          addressOf={(before) => `${to({ before })}#activations`}
        />
      )}
    </>
  );
}
