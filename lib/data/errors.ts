import "server-only";
import { requirePermission } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { listEpisodes as listEpisodesFrom, readCurrentErrors } from "@/lib/error-log/browse-store";
import type { CurrentErrors, EpisodeFilter, EpisodePage } from "@/lib/error-log/error-groups";

/** Everything that stands in the way of being in step now. */
export async function readErrors(): Promise<CurrentErrors> {
  await requirePermission("queue:read");
  return readCurrentErrors(database());
}

/** One page of the errors that stood, newest first. */
export async function listEpisodes(filter: EpisodeFilter, before?: number): Promise<EpisodePage> {
  await requirePermission("queue:read");
  return listEpisodesFrom(database(), filter, before);
}
