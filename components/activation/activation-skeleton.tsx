/** The page's shape, while it is read. */
export function ActivationSkeleton() {
  return (
    <div aria-busy="true" role="status" className="flex flex-col gap-4">
      <span className="sr-only">Reading…</span>
      {["What happened", "What waits", "What will be sent", "Choose"].map((title, index) => (
        <div key={title} className="rounded-panel border border-line bg-surface">
          <div className="flex min-h-11 items-center border-b border-line px-4 font-semibold">
            {title}
          </div>
          <div className="flex flex-col gap-2 p-4">
            <div className="skeleton h-5 w-3/5" />
            <div className={`skeleton ${index === 2 ? "h-72" : "h-20"}`} />
          </div>
        </div>
      ))}
    </div>
  );
}
