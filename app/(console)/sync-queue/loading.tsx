import { QueueSkeleton } from "@/components/sync-queue/queue-table";

export default function Loading() {
  return (
    <>
      <h1 className="text-title font-semibold">Sync Queue</h1>
      <div className="h-9" />
      <div className="-mx-4 border-y border-line bg-surface md:mx-0 md:rounded-panel md:border">
        <QueueSkeleton />
      </div>
    </>
  );
}
