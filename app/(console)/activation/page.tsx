import type { Metadata } from "next";
import { activateSync, deactivateSync } from "@/app/(console)/actions";
import {
  confirmInstance,
  decide,
  releaseConnection,
  renewToken,
  repointSide,
  revokeDecision,
  takeOver,
} from "@/app/(console)/activation/actions";
import { ActivationView } from "@/components/activation/activation-view";
import { mayDo } from "@/lib/access/permissions";
import { readActivation } from "@/lib/data/activation";
import { readBanner, readOverview } from "@/lib/data/gate";
import { requirePermission } from "@/lib/data/viewer";

export const metadata: Metadata = { title: "Activation" };

export default async function ActivationPage() {
  const viewer = await requirePermission("gate:read");
  const [view, gate, overview] = await Promise.all([
    readActivation(),
    readBanner(),
    readOverview(),
  ]);
  const actions = {
    activate: activateSync,
    deactivate: deactivateSync,
    decide,
    revokeDecision,
    takeOver,
    releaseConnection,
    repointSide,
    confirmInstance,
    renewToken,
  };
  return (
    <ActivationView
      initial={view}
      gate={gate}
      sides={overview.connections.map(({ id, name, local, remote }) => ({
        id,
        name,
        local: { instance: local.instance },
        remote: { instance: remote.instance },
      }))}
      actions={mayDo(viewer.role, "gate:operate") ? actions : null}
    />
  );
}
