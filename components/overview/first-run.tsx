import { buttonClass } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Panel } from "@/components/ui/panel";

/** Before the first connection: what this console is for, and the one step that makes it useful. */
export function FirstRun({ mayConnect }: { mayConnect: boolean }) {
  return (
    <Panel title="No connection yet">
      <div className="flex max-w-3xl flex-col items-start gap-4 p-4">
        <p>
          A connection keeps issues of two instances in step. Once there is one, its backlog, its
          health and what was sent appear on this page. Nothing is sent until an administrator
          activates synchronisation.
        </p>
        {mayConnect ? (
          <>
            <p id="what-is-needed">You will need:</p>
            <ul
              aria-labelledby="what-is-needed"
              className="flex list-disc flex-col gap-1 pl-5 text-soft"
            >
              <li>the addresses of both instances</li>
              <li>at each of them an account that only this node uses, with an access token</li>
              <li>the two projects whose issues belong together</li>
            </ul>
            <Link href="/connections/new" className={buttonClass({ look: "primary" })}>
              Connect two instances
            </Link>
          </>
        ) : (
          <p className="text-soft">An administrator of this console can make one.</p>
        )}
      </div>
    </Panel>
  );
}
