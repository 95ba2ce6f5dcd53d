import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { repointSide } from "@/app/(console)/activation/actions";
import {
  bringInExisting,
  changeConnection,
  changeTextFormat,
  compareSides,
  countExisting,
  deleteConnection,
  findLeavingPairs,
  pauseConnection,
  renewWebhookSecret,
  resumeConnection,
  tryTrigger,
  wantWebhook,
} from "@/app/(console)/connections/actions";
import { ConnectionView } from "@/components/connections/connection-view";
import { mayDo } from "@/lib/access/permissions";
import { readConnection } from "@/lib/data/connections";
import { requirePermission } from "@/lib/data/viewer";

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ "bring-in"?: string }>;
};

export const metadata: Metadata = { title: "Connection" };

export default async function ConnectionDetailPage({ params, searchParams }: Props) {
  const viewer = await requirePermission("connections:read");
  const id = Number((await params).id);
  const connection = Number.isSafeInteger(id) && id > 0 ? await readConnection(id) : null;
  if (!connection) notFound();
  const actions = {
    pause: pauseConnection,
    resume: resumeConnection,
    repoint: repointSide,
    change: changeConnection,
    changeTextFormat,
    remove: deleteConnection,
    webhooks: { want: wantWebhook, renewSecret: renewWebhookSecret },
  };
  return (
    <ConnectionView
      connection={connection}
      actions={mayDo(viewer.role, "connections:write") ? actions : null}
      bringIn={
        mayDo(viewer.role, "queue:act") ? { count: countExisting, bring: bringInExisting } : null
      }
      isBringingIn={(await searchParams)["bring-in"] !== undefined}
      look={{ compareSides, tryTrigger, findLeavingPairs }}
    />
  );
}
