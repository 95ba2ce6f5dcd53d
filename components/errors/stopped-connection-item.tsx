import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { count } from "@/components/ui/words";
import { adviceFor, helpPath } from "@/lib/error-log/advice";
import type { StoppedConnection } from "@/lib/error-log/error-groups";

/** A connection that stands still: why, since when, what to do, and what waits behind it. */
export function StoppedConnectionItem({
  connection: { id, name, code, message, since, failures, retryAt, waiting },
  retry,
  isPending,
}: {
  connection: StoppedConnection;
  /** Null for people who may only look. */
  retry: ((id: number) => void) | null;
  isPending: boolean;
}) {
  const { title, next } = adviceFor(code);
  const help = helpPath(code);
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h3 className="font-medium">
            <Mark
              name={retryAt ? "retrying" : "failed"}
              className={`mr-2 inline size-3.5 align-[-2px] ${retryAt ? "text-closed-text" : "text-error-text"}`}
            />
            {name}: {title}
          </h3>
          <p className="text-soft">
            {retryAt ? (
              <>
                tried again <Moment at={retryAt} as="until" align="start" />
              </>
            ) : (
              "waits for you"
            )}
            {since && (
              <>
                {" "}
                · since <Moment at={since} align="start" />
              </>
            )}
            {failures > 1 && ` · ${count(failures, "failure")} in a row`}
          </p>
        </div>
        {retry && (
          <Button
            size="small"
            disabled={isPending}
            aria-label={`Try ${name} again now`}
            onClick={() => retry(id)}
          >
            Try again now
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
      <p className="break-words text-soft">{message}</p>
      <p className="flex flex-wrap gap-x-4">
        {waiting === 0 ? (
          <span className="text-soft">No issue waits behind it.</span>
        ) : (
          <Link
            href={`/sync-queue?connection=${id}`}
            prefetch={false}
            className="text-link hover:underline"
          >
            {count(waiting, "issue")} {waiting === 1 ? "waits" : "wait"} behind it
          </Link>
        )}
        <Link
          href={`/errors/history?connection=${id}`}
          prefetch={false}
          className="text-link hover:underline"
        >
          Earlier errors
        </Link>
      </p>
    </li>
  );
}
