/** The page's shape, while it is read. */
export default function Loading() {
  return (
    <div aria-busy="true" role="status" className="flex flex-col gap-4">
      <span className="sr-only">Reading…</span>
      <h1 className="text-title font-semibold">Audit</h1>
      <div className="skeleton h-16 rounded-panel" />
      <div className="skeleton h-9" />
      <div className="skeleton h-[30rem] rounded-panel" />
    </div>
  );
}
