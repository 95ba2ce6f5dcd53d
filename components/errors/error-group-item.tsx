import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { count } from "@/components/ui/words";
import { adviceFor, helpPath } from "@/lib/error-log/advice";
import type { AffectedIssue, ErrorGroup } from "@/lib/error-log/error-groups";
import { cappedCount } from "@/lib/gate/status";

/** One cause: what happened, what to do, the first issues that wait on it, and the way to try them again. */
export function ErrorGroupItem({
  group,
  retryGroup,
  retryOne,
  isPending,
}: {
  group: ErrorGroup;
  /** Null for people who may only look. */
  retryGroup: (() => void) | null;
  retryOne: ((issue: AffectedIssue) => void) | null;
  isPending: boolean;
}) {
  const { code, count: amount, retryable, issues, connections } = group;
  const { title, next } = adviceFor(code);
  const help = helpPath(code);
  const isConflict = code === "conflict";
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h3 className="font-medium">
            <Mark
              name={retryable > 0 || isConflict ? "failed" : "retrying"}
              className={`mr-2 inline size-3.5 align-[-2px] ${retryable > 0 || isConflict ? "text-error-text" : "text-closed-text"}`}
            />
            {title}
          </h3>
          <p className="text-soft">
            {cappedCount(amount)} {amount === 1 ? "issue" : "issues"} ·{" "}
            {connections.map(({ name, count: n }) => `${name} ${n}`).join(", ")} · oldest{" "}
            <Moment at={group.oldestAt} as="age" align="start" />
          </p>
        </div>
        {retryGroup && !isConflict && (
          <Button size="small" disabled={isPending} onClick={retryGroup}>
            {code === "loop" ? "Release" : "Retry"}
            {amount > 1 && ` all ${cappedCount(amount)}`}
          </Button>
        )}
      </div>
      <p className="max-w-prose">
        {next}{" "}
        {help && (
          <Link href={help} prefetch={false} className="text-link underline">
            More about this error
          </Link>
        )}
      </p>
      <p className="break-words text-soft">{group.message}</p>
      <ul className="flex flex-col">
        {issues.map((issue) => (
          <li
            key={issue.entryId}
            className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line py-1 first:border-t-0"
          >
            <Link
              href={`/issues/${issue.pairId}${isConflict ? "#decide" : ""}`}
              prefetch={false}
              className="font-mono text-link hover:underline"
            >
              {issue.key}
            </Link>
            <span className="min-w-0 flex-1 basis-40 truncate" title={issue.summary}>
              {issue.summary}
            </span>
            {isConflict ? (
              <Link
                href={`/issues/${issue.pairId}#decide`}
                prefetch={false}
                className="text-link hover:underline"
              >
                {retryGroup ? "Choose" : "Look"}
                <span className="sr-only"> at {issue.key}</span>
              </Link>
            ) : (
              retryOne &&
              amount > 1 &&
              retryable > 0 && (
                <Button
                  size="small"
                  look="quiet"
                  disabled={isPending}
                  aria-label={`Retry ${issue.key}`}
                  onClick={() => retryOne(issue)}
                >
                  Retry
                </Button>
              )
            )}
          </li>
        ))}
      </ul>
      {amount > issues.length && (
        <p className="text-soft">
          and {count(amount - issues.length, "other", "others")}:{" "}
          <Link
            href={retryable > 0 ? "/sync-queue?state=failed" : "/sync-queue"}
            prefetch={false}
            className="text-link underline"
          >
            in the Sync Queue
          </Link>
        </p>
      )}
    </li>
  );
}
