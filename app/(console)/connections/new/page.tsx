import type { Metadata } from "next";
import {
  addInstance,
  compareSides,
  createConnection,
  planFirst,
  readProjects,
  readTypes,
  renewWebhookSecret,
  tryInstance,
  tryTrigger,
  wantWebhook,
} from "@/app/(console)/connections/actions";
import { SetUp } from "@/components/connections/set-up";
import { listInstances, listKinds, readConnection } from "@/lib/data/connections";
import { requirePermission } from "@/lib/data/viewer";

export const metadata: Metadata = { title: "A new connection" };

type Props = { searchParams: Promise<{ like?: string }> };

export default async function NewConnectionPage({ searchParams }: Props) {
  await requirePermission("connections:write");
  const like = Number((await searchParams).like);
  const model = Number.isSafeInteger(like) && like > 0 ? await readConnection(like) : null;
  const actions = {
    tryInstance,
    addInstance,
    readProjects,
    readTypes,
    compareSides,
    tryTrigger,
    planFirst,
    createConnection,
    webhooks: { want: wantWebhook, renewSecret: renewWebhookSecret },
  };
  return (
    <div className="flex flex-col gap-4">
      <div>
        <h1 className="text-title font-semibold">A new connection</h1>
        <p className="text-soft">
          The agreement to keep issues of two instances in step. Each step is tried at the
          instances; nothing is written there.
        </p>
      </div>
      <SetUp
        known={await listInstances()}
        kinds={await listKinds()}
        actions={actions}
        model={model}
      />
    </div>
  );
}
