/** While a page of panels is read: its title, and panels as wide as the page. */
export function PanelsSkeleton({ title }: { title: string }) {
  return (
    <div aria-busy="true" role="status" className="flex flex-col gap-4">
      <span className="sr-only">Reading…</span>
      <h1 className="flex h-9 items-center text-title font-semibold">{title}</h1>
      <div className="skeleton h-48 rounded-panel" />
      <div className="skeleton h-72 rounded-panel" />
    </div>
  );
}
