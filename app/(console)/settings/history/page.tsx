import type { Metadata } from "next";
import { changePeriods, previewRemoval } from "@/app/(console)/settings/history/actions";
import { HistoryPanel } from "@/components/settings/history-panel";
import { SettingsHead } from "@/components/settings/settings-head";
import { mayDo } from "@/lib/access/permissions";
import { readHistory } from "@/lib/data/node-settings";
import { requirePermission } from "@/lib/data/viewer";

export const metadata: Metadata = { title: "History" };

export default async function HistoryPage() {
  const viewer = await requirePermission("gate:read");
  const lines = await readHistory();
  return (
    <>
      <SettingsHead here="/settings/history" />
      <HistoryPanel
        lines={lines}
        mayChange={mayDo(viewer.role, "settings:write")}
        actions={{ changePeriods, previewRemoval }}
      />
    </>
  );
}
