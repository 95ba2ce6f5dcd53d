import type { Metadata } from "next";
import { discardEntries, holdEntries, releaseEntries, retryEntries } from "@/app/(console)/actions";
import { EntryView } from "@/components/entry/entry-view";
import { buttonClass } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Nothing, Panel } from "@/components/ui/panel";
import { mayDo } from "@/lib/access/permissions";
import { readEntry } from "@/lib/data/sync-queue";
import { requirePermission } from "@/lib/data/viewer";

type Props = { params: Promise<{ id: string }> };

export const metadata: Metadata = { title: "Entry" };

export default async function EntryPage({ params }: Props) {
  const viewer = await requirePermission("queue:read");
  const id = Number((await params).id);
  const detail = Number.isSafeInteger(id) && id > 0 ? await readEntry(id) : null;
  if (!detail) return <LeftTheQueue />;
  const actions = {
    hold: holdEntries,
    release: releaseEntries,
    retry: retryEntries,
    discard: discardEntries,
  };
  return (
    <EntryView
      id={id}
      initial={detail}
      actions={mayDo(viewer.role, "queue:act") ? actions : null}
    />
  );
}

/** Entries leave when they are done, so an old address is nothing unusual. */
function LeftTheQueue() {
  return (
    <Panel title="This entry is not in the queue">
      <Nothing title="It was sent, had nothing to send, or was discarded.">
        <p>Recently sent on the Overview says what came of the last ones.</p>
        <p className="mt-3 flex justify-center gap-2">
          <Link href="/sync-queue" className={buttonClass()}>
            Sync Queue
          </Link>
          <Link href="/" className={buttonClass()}>
            Overview
          </Link>
        </p>
      </Nothing>
    </Panel>
  );
}
