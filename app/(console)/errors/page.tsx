import type { Metadata } from "next";
import { retryConnectionNow, retryEntries } from "@/app/(console)/actions";
import { retryAllErrors, retryErrorGroup } from "@/app/(console)/errors/actions";
import { ErrorsView } from "@/components/errors/errors-view";
import { mayDo } from "@/lib/access/permissions";
import { readErrors } from "@/lib/data/errors";
import { requirePermission } from "@/lib/data/viewer";

export const metadata: Metadata = { title: "Errors" };

export default async function ErrorsPage() {
  const viewer = await requirePermission("queue:read");
  const errors = await readErrors();
  const canAct = mayDo(viewer.role, "queue:act");
  return (
    <ErrorsView
      initial={errors}
      actions={{
        retryGroup: canAct ? retryErrorGroup : null,
        retryAll: canAct ? retryAllErrors : null,
        retryEntries: canAct ? retryEntries : null,
        retryConnection: mayDo(viewer.role, "connections:retry") ? retryConnectionNow : null,
      }}
    />
  );
}
