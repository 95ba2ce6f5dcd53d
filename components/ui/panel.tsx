import { type ReactNode, useId } from "react";

/** A titled region of a page. */
export function Panel({
  title,
  aside,
  help,
  id,
  children,
}: {
  title: string;
  aside?: ReactNode;
  /** Stands beside the title. */
  help?: ReactNode;
  id?: string;
  children: ReactNode;
}) {
  const titleId = useId();
  return (
    <section
      id={id}
      aria-labelledby={titleId}
      className="min-w-0 scroll-mt-4 rounded-panel border border-line bg-surface"
    >
      <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 border-b border-line px-4 py-1.5">
        <div className="flex items-center gap-2">
          <h2 id={titleId} className="font-semibold">
            {title}
          </h2>
          {help}
        </div>
        {aside && <div className="text-small text-soft">{aside}</div>}
      </header>
      {children}
    </section>
  );
}

/** What stands where nothing is yet: what will appear here, and how. */
export function Nothing({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-1 px-6 py-10 text-center">
      <p className="font-medium">{title}</p>
      {children && <div className="max-w-prose text-soft">{children}</div>}
    </div>
  );
}

/** What was tried, what came back, what to do. */
export function Failure({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-6 py-10 text-center">
      <p className="font-medium text-error-text">{title}</p>
      <div className="max-w-prose text-soft">{children}</div>
    </div>
  );
}
