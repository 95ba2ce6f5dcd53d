"use client";
import { useQuery } from "@tanstack/react-query";
import type { WebhookActions } from "@/components/connections/webhook-actions";
import { WebhookByHand } from "@/components/connections/webhook-by-hand";
import { WebhookSideFacts } from "@/components/connections/webhook-side-facts";
import { webhooksQuery } from "@/components/connections/webhooks-query";
import { Failure } from "@/components/ui/panel";
import type { Side } from "@/lib/sync/plan-types";

/** Whether both instances tell us of changes by themselves, live; and having it registered. */
export function Webhooks({
  id,
  projects,
  actions,
}: {
  id: number;
  projects: Record<Side, string>;
  /** Null for people who may only look. */
  actions: WebhookActions | null;
}) {
  const { data, isError, refetch } = useQuery(webhooksQuery(id));
  if (!data && isError)
    return (
      <Failure title="The webhooks could not be read">
        <p>The console did not answer. It is asked again.</p>
      </Failure>
    );
  return (
    <>
      <p className="px-4 pt-3 text-soft">
        Optional. With a webhook an instance tells of a change at once. Without one it is asked
        every few seconds: changes come later, and none is missed.
      </p>
      <div className="grid lg:grid-cols-2 lg:divide-x lg:divide-line">
        {data
          ? data.sides.map((side) => (
              <WebhookSideFacts
                key={side.side}
                id={id}
                side={side}
                project={projects[side.side]}
                actions={actions}
                onDone={refetch}
              />
            ))
          : ["local", "remote"].map((side) => <Skeleton key={side} />)}
      </div>
      {actions && !data && (
        <div aria-hidden className="border-t border-line px-4 py-3">
          <div className="skeleton h-5 w-48" />
        </div>
      )}
      {actions && data?.sides.some(({ hasWebhooks }) => hasWebhooks) && (
        <WebhookByHand
          id={id}
          sides={data.sides.filter(({ hasWebhooks }) => hasWebhooks)}
          renewSecret={actions.renewSecret}
          onDone={refetch}
        />
      )}
    </>
  );
}

/** As tall as what is said most often, so that what stands below stays where it is. */
function Skeleton() {
  return (
    <div aria-hidden className="flex flex-col gap-3 p-4">
      <div className="skeleton h-5 w-40" />
      <div className="skeleton h-15 w-full max-w-lg" />
      <div className="skeleton h-5 w-full max-w-sm" />
      <div className="skeleton h-10 w-full max-w-lg" />
      <div className="skeleton h-5 w-full max-w-md" />
      <div className="skeleton h-7 w-44" />
    </div>
  );
}
