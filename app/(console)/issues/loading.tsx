import { IssuesSkeleton } from "@/components/issues/issues-table";

export default function Loading() {
  return (
    <>
      <h1 className="text-title font-semibold">Issues</h1>
      <div className="h-9" />
      <div className="-mx-4 border-y border-line bg-surface md:mx-0 md:rounded-panel md:border">
        <IssuesSkeleton />
      </div>
    </>
  );
}
