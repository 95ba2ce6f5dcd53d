import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { discardEntries, holdEntries, releaseEntries, retryEntries } from "@/app/(console)/actions";
import { actOnFilter, undoAct } from "@/app/(console)/activation/actions";
import {
  parseQueueAddress,
  type QueueAddress,
  queueSearch,
} from "@/components/sync-queue/queue-address";
import { QueueView } from "@/components/sync-queue/queue-view";
import { mayDo } from "@/lib/access/permissions";
import { readBanner, readOverview } from "@/lib/data/gate";
import { listQueue } from "@/lib/data/sync-queue";
import { requirePermission } from "@/lib/data/viewer";
import { BadCursor } from "@/lib/sync-queue/cursor";
import type { QueuePage } from "@/lib/sync-queue/row";

export const metadata: Metadata = { title: "Sync Queue" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function SyncQueuePage({ searchParams }: Props) {
  const viewer = await requirePermission("queue:read");
  const address = parseQueueAddress(toParams(await searchParams));
  const [page, overview, gate] = await Promise.all([
    readPage(address),
    readOverview(),
    readBanner(),
  ]);
  const actions = {
    hold: holdEntries,
    release: releaseEntries,
    retry: retryEntries,
    discard: discardEntries,
  };
  return (
    <QueueView
      initial={{ search: queueSearch(address), page, readAt: overview.now }}
      connections={overview.connections.map(({ id, name }) => ({ id, name }))}
      actions={mayDo(viewer.role, "queue:act") ? actions : null}
      isCopy={gate.copyOf !== null}
      filterActions={mayDo(viewer.role, "queue:act") ? { actOnFilter, undoAct } : null}
    />
  );
}

/** An address whose place in the list means nothing any more leads to the first page of its filter. */
async function readPage(address: QueueAddress): Promise<QueuePage> {
  try {
    return await listQueue(address.filter, address.cursor ?? undefined);
  } catch (error) {
    if (error instanceof BadCursor)
      redirect(`/sync-queue${queueSearch({ ...address, cursor: null })}`);
    throw error;
  }
}

function toParams(raw: Record<string, string | string[] | undefined>): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(raw)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) params.set(name, first);
  }
  return params;
}
