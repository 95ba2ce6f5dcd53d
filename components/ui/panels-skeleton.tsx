/** While a page of panels is read: its title, and panels as wide as the page. */
export function PanelsSkeleton() {
  return (
    <div aria-busy="true" role="status" className="flex flex-col gap-4">
      <span className="sr-only">Reading…</span>
      <div className="skeleton h-7 w-40" />
      <div className="skeleton h-48 rounded-panel" />
      <div className="skeleton h-72 rounded-panel" />
    </div>
  );
}
