/** The Overview's shape, while it is read. */
export default function Loading() {
  return (
    <div aria-busy="true" role="status" className="flex flex-col gap-4">
      <span className="sr-only">Reading…</span>
      <h1 className="text-title font-semibold">Overview</h1>
      <div className="grid gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="skeleton h-96 rounded-panel" />
        <div className="skeleton h-96 rounded-panel" />
      </div>
    </div>
  );
}
