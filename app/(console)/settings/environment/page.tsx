import type { Metadata } from "next";
import { changeEnvironment } from "@/app/(console)/settings/environment/actions";
import { EnvironmentPanel } from "@/components/settings/environment-panel";
import { SettingsHead } from "@/components/settings/settings-head";
import { mayDo } from "@/lib/access/permissions";
import { readEnvironment } from "@/lib/data/node-settings";
import { requirePermission } from "@/lib/data/viewer";

export const metadata: Metadata = { title: "Environment" };

export default async function EnvironmentPage() {
  const viewer = await requirePermission("gate:read");
  const environment = await readEnvironment();
  return (
    <>
      <SettingsHead here="/settings/environment" />
      <EnvironmentPanel
        environment={environment}
        mayChange={mayDo(viewer.role, "settings:write")}
        action={changeEnvironment}
      />
    </>
  );
}
