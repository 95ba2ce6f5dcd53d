import type { Metadata } from "next";
import { cookies } from "next/headers";
import { retryConnectionNow } from "@/app/(console)/actions";
import { FIRST_STEPS_COOKIE } from "@/components/overview/first-steps-cookie";
import { OverviewView } from "@/components/overview/overview-view";
import { mayDo } from "@/lib/access/permissions";
import { readBanner, readFirstSteps, readOverview } from "@/lib/data/gate";
import { requirePermission } from "@/lib/data/viewer";
import { isUnderWay } from "@/lib/gate/first-steps";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const viewer = await requirePermission("gate:read");
  const [overview, gate, steps] = await Promise.all([
    readOverview(),
    readBanner(),
    readFirstSteps(),
  ]);
  const wereShown = (await cookies()).has(FIRST_STEPS_COOKIE);
  return (
    <>
      <h1 className="text-title font-semibold">Overview</h1>
      <OverviewView
        initial={overview}
        gate={gate}
        firstSteps={isUnderWay(steps) && !wereShown ? null : steps}
        retryConnection={mayDo(viewer.role, "connections:retry") ? retryConnectionNow : null}
        mayConnect={mayDo(viewer.role, "connections:write")}
      />
    </>
  );
}
