import type { Metadata } from "next";
import { retryConnectionNow } from "@/app/(console)/actions";
import { ConnectionsList } from "@/components/connections/connections-list";
import { buttonClass } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { mayDo } from "@/lib/access/permissions";
import { readBanner, readOverview } from "@/lib/data/gate";
import { requirePermission } from "@/lib/data/viewer";

export const metadata: Metadata = { title: "Connections" };

export default async function ConnectionsPage() {
  const viewer = await requirePermission("connections:read");
  const [overview, gate] = await Promise.all([readOverview(), readBanner()]);
  const mayConnect = mayDo(viewer.role, "connections:write");
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-title font-semibold">Connections</h1>
        {mayConnect && overview.connections.length > 0 && (
          <Link href="/connections/new" className={buttonClass({ look: "primary" })}>
            Connect two instances
          </Link>
        )}
      </div>
      <ConnectionsList
        initial={overview}
        gate={gate}
        mayConnect={mayConnect}
        retryConnection={mayDo(viewer.role, "connections:retry") ? retryConnectionNow : null}
      />
    </>
  );
}
