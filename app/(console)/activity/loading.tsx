/** The page's shape, while it is read. */
export default function Loading() {
  return (
    <div aria-busy="true" role="status" className="flex flex-col gap-4">
      <span className="sr-only">Reading…</span>
      <h1 className="flex h-9 items-center text-title font-semibold">Activity</h1>
      <div className="grid gap-4 md:grid-cols-2">
        {["backlog", "age", "writes", "errors"].map((chart) => (
          <div key={chart} className="skeleton h-44 rounded-panel" />
        ))}
      </div>
      <div className="skeleton h-40 rounded-panel" />
      <div className="skeleton h-64 rounded-panel" />
    </div>
  );
}
