import { formatName } from "@/components/connections/format-words";
import { Button } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import type { SidePage } from "@/lib/connections/connection-page";

/** Where one side is, and when it was last asked. */
export function SideFacts({
  title,
  side,
  onRepoint,
  onTextFormat,
}: {
  title: string;
  side: SidePage;
  /** Null for people who may only look. */
  onRepoint: (() => void) | null;
  /** Null for them too. */
  onTextFormat: (() => void) | null;
}) {
  return (
    <Panel
      title={title}
      aside={
        <span className="flex flex-wrap items-center gap-3">
          {side.instance.name}
          {onRepoint && (
            <Button
              size="small"
              onClick={onRepoint}
              aria-label={`Point the ${title.toLowerCase()} elsewhere`}
            >
              Point elsewhere
            </Button>
          )}
        </span>
      }
    >
      <dl className="grid grid-cols-[5rem_minmax(0,1fr)] sm:grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-2 p-4 [&>dt]:text-soft">
        <dt>Address</dt>
        <dd className="font-mono break-all">{side.instance.baseUrl}</dd>
        <dt>Project</dt>
        <dd>
          <span className="font-mono">{side.project}</span>
          {side.issueType && `, new issues as ${side.issueType}`}
        </dd>
        {side.textFormat && (
          <>
            <dt className="self-center">Text formatting</dt>
            <dd className="flex flex-wrap items-center gap-x-3 gap-y-1">
              {formatName(side.textFormat.now)}
              {onTextFormat && (
                <Button
                  size="small"
                  onClick={onTextFormat}
                  aria-label={`Change the text formatting of ${side.instance.name}`}
                >
                  Change
                </Button>
              )}
            </dd>
          </>
        )}
        <dt>Last asked</dt>
        <dd>{side.polledAt ? <Moment at={side.polledAt} align="start" /> : "not yet"}</dd>
      </dl>
    </Panel>
  );
}
