import { type ReactNode, useId } from "react";
import { Button } from "@/components/ui/button";
import { Mark } from "@/components/ui/mark";

/** One step of the set-up: to come, at hand, or done and folded to what was chosen. */
export function Step({
  number,
  title,
  state,
  summary,
  onChange,
  children,
}: {
  number: number;
  title: string;
  state: "to come" | "at hand" | "done";
  summary?: ReactNode;
  /** Opens a step that is done again. */
  onChange?: () => void;
  children: ReactNode;
}) {
  const titleId = useId();
  return (
    <section
      aria-labelledby={titleId}
      aria-current={state === "at hand" ? "step" : undefined}
      className={`rounded-panel border bg-surface ${state === "at hand" ? "border-control" : "border-line"}`}
    >
      <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
        <span
          aria-hidden
          className={`flex size-6 shrink-0 items-center justify-center rounded-full border text-small font-semibold ${state === "at hand" ? "border-transparent bg-ink text-on-ink" : "border-line text-soft"}`}
        >
          {state === "done" ? <Mark name="done" className="size-3.5 text-fine" /> : number}
        </span>
        <h2 id={titleId} className={`font-semibold ${state === "to come" ? "text-soft" : ""}`}>
          {title}
          <span className="sr-only">, {state}</span>
        </h2>
        {state === "done" && (
          <>
            <div className="min-w-0 flex-1 basis-40 truncate text-soft">{summary}</div>
            {onChange && (
              <Button size="small" onClick={onChange}>
                Change<span className="sr-only"> {title}</span>
              </Button>
            )}
          </>
        )}
      </header>
      {state === "at hand" && <div className="border-t border-line p-4">{children}</div>}
    </section>
  );
}

/** What did not work, said where it was tried. */
export function Refusal({ message }: { message: string | null }) {
  return (
    <p
      role="alert"
      className="rounded-control bg-error-wash px-3 py-2 text-error-text empty:hidden"
    >
      {message}
    </p>
  );
}
