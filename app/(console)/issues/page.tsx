import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { linkTwoIssues, lookUpForLink } from "@/app/(console)/issues/actions";
import {
  type IssuesAddress,
  issuesSearch,
  parseIssuesAddress,
} from "@/components/issues/issues-address";
import { IssuesView } from "@/components/issues/issues-view";
import { mayDo } from "@/lib/access/permissions";
import { readOverview } from "@/lib/data/gate";
import { listPairs } from "@/lib/data/pairs";
import { requirePermission } from "@/lib/data/viewer";
import type { PairPage } from "@/lib/pairs/pair";
import { BadCursor } from "@/lib/sync-queue/cursor";

export const metadata: Metadata = { title: "Issues" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function IssuesPage({ searchParams }: Props) {
  const viewer = await requirePermission("queue:read");
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(await searchParams))
    if (typeof value === "string") params.set(name, value);
  const address = parseIssuesAddress(params);
  const [page, overview] = await Promise.all([readPage(address), readOverview()]);
  return (
    <IssuesView
      initial={{ search: issuesSearch(address), page, readAt: overview.now }}
      connections={overview.connections.map(({ id, name, local, remote }) => ({
        id,
        name,
        local: local.instance,
        remote: remote.instance,
      }))}
      linking={
        mayDo(viewer.role, "connections:write")
          ? { lookUp: lookUpForLink, link: linkTwoIssues }
          : null
      }
    />
  );
}

/** An address whose place in the list means nothing any more leads to the first page of its filter. */
async function readPage(address: IssuesAddress): Promise<PairPage> {
  try {
    return await listPairs(address.filter, address.cursor ?? undefined);
  } catch (error) {
    if (error instanceof BadCursor)
      redirect(`/issues${issuesSearch({ ...address, cursor: null })}`);
    throw error;
  }
}
