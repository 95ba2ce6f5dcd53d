import type { Metadata } from "next";
import { episodeSearch, parseEpisodeFilter } from "@/components/errors/errors-query";
import { ErrorHistoryView } from "@/components/errors/history-view";
import { listEpisodes } from "@/lib/data/errors";
import { readOverview } from "@/lib/data/gate";
import { requirePermission } from "@/lib/data/viewer";

export const metadata: Metadata = { title: "Errors that stood" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ErrorHistoryPage({ searchParams }: Props) {
  await requirePermission("queue:read");
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(await searchParams))
    if (typeof value === "string") params.set(name, value);
  const filter = parseEpisodeFilter(params);
  const [page, overview] = await Promise.all([listEpisodes(filter), readOverview()]);
  return (
    <ErrorHistoryView
      initial={{ search: episodeSearch(filter), page }}
      connections={overview.connections.map(({ id, name }) => ({ id, name }))}
    />
  );
}
