import { type QueueAddress, queueSearch } from "@/components/sync-queue/queue-address";
import { buttonClass } from "@/components/ui/button";
import type { QueuePage } from "@/lib/sync-queue/row";

/** Page by page; each has an address of its own. */
export function QueuePager({
  address,
  page,
  go,
}: {
  address: QueueAddress;
  page: QueuePage;
  go: (next: QueueAddress) => void;
}) {
  if (!page.previousCursor && !page.nextCursor && !address.cursor) return null;
  return (
    <nav aria-label="Pages" className="flex justify-end gap-2">
      {address.cursor && !page.previousCursor && (
        <PageLink words="First page" to={{ ...address, cursor: null }} go={go} />
      )}
      <PageLink
        words="Previous page"
        to={page.previousCursor ? { ...address, cursor: page.previousCursor } : null}
        go={go}
      />
      <PageLink
        words="Next page"
        to={page.nextCursor ? { ...address, cursor: page.nextCursor } : null}
        go={go}
      />
    </nav>
  );
}

function PageLink({
  words,
  to,
  go,
}: {
  words: string;
  to: QueueAddress | null;
  go: (next: QueueAddress) => void;
}) {
  if (!to) return <span className="inline-flex h-9 items-center px-3 text-soft">{words}</span>;
  return (
    <a
      href={`/sync-queue${queueSearch(to)}`}
      className={buttonClass()}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        go(to);
      }}
    >
      {words}
    </a>
  );
}
