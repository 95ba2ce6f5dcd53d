import { StateMark } from "@/components/sync-queue/state-mark";
import { Link } from "@/components/ui/link";
import { Mark, type MarkName } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { Nothing, Panel } from "@/components/ui/panel";
import type { ErrorLine, GateChangeLine, RecentRun } from "@/lib/gate/overview";

const CHANGES: Record<GateChangeLine["kind"], { mark: MarkName; words: string }> = {
  opened: { mark: "openGate", words: "Activated" },
  closing: { mark: "closedGate", words: "Deactivated" },
  closed: { mark: "closedGate", words: "Inactive: the last write has ended" },
  new_incarnation: { mark: "retrying", words: "The node started; inactive" },
};

/** Every opening and closing, with who and why. */
export function GateChangesPanel({ changes }: { changes: GateChangeLine[] }) {
  return (
    <Panel title="Activations">
      {changes.length === 0 ? (
        <Nothing title="Never activated yet.">
          Each activation and deactivation is kept here, with its reason.
        </Nothing>
      ) : (
        <ol className="divide-y divide-line">
          {changes.map((change) => (
            <li key={change.id} className="flex gap-3 px-4 py-2.5">
              <Mark name={CHANGES[change.kind].mark} className="mt-0.5 size-4 text-soft" />
              <div className="min-w-0 flex-1">
                <p>
                  {CHANGES[change.kind].words}
                  {change.by && change.kind !== "closed" && ` by ${change.by}`}
                </p>
                {change.reason && change.kind !== "closed" && (
                  <p className="break-words text-soft">{change.reason}</p>
                )}
              </div>
              <span className="text-soft">
                <Moment at={change.at} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

/** What did not work lately. */
export function ErrorsPanel({ errors }: { errors: ErrorLine[] }) {
  return (
    <Panel
      title="Errors"
      aside={
        errors.length > 0 && (
          <Link href="/errors" className="text-link hover:underline">
            Show all errors
          </Link>
        )
      }
    >
      {errors.length === 0 ? (
        <Nothing title="No entry has failed.">
          An entry that could not be sent stays here until it is.
        </Nothing>
      ) : (
        <ul className="divide-y divide-line">
          {errors.map((error) => (
            <li
              key={error.entryId}
              className="relative flex flex-col gap-0.5 px-4 py-2.5 hover:bg-hover"
            >
              <div className="flex items-baseline gap-3">
                <Link href={`/sync-queue/${error.entryId}`} className="row-link font-mono">
                  {error.issueKey}
                </Link>
                <span className="min-w-0 flex-1 truncate">{error.summary}</span>
                <StateMark state={error.state} />
              </div>
              <p className="break-words text-soft">
                {error.message} · {error.connection.name} · <Moment at={error.at} align="start" />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** What the workers finished lately. */
export function RunsPanel({ runs }: { runs: RecentRun[] }) {
  return (
    <Panel title="Recently sent">
      {runs.length === 0 ? (
        <Nothing title="Nothing has been sent yet.">
          Finished entries appear here with what was written.
        </Nothing>
      ) : (
        <ul className="divide-y divide-line">
          {runs.map((run) => (
            <li key={run.id} className="flex gap-3 px-4 py-2.5">
              <div className="min-w-0 flex-1">
                <p className="flex items-baseline gap-3">
                  <Link
                    href={`/issues/${run.pairId}`}
                    prefetch={false}
                    className="font-mono whitespace-nowrap hover:underline"
                  >
                    {run.issueKey}
                    {run.twinKey && ` ↔ ${run.twinKey}`}
                  </Link>
                  <span className="truncate">{run.summary}</span>
                </p>
                <p className="break-words text-soft">
                  {run.words ?? run.outcome.replaceAll("_", " ")} · {run.connection.name}
                </p>
              </div>
              <span className="text-soft">
                <Moment at={run.endedAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
