import type { Metadata } from "next";
import {
  decidePairConflicts,
  startPairSync,
  stopPairSync,
  syncPairNow,
  undoPairDecision,
} from "@/app/(console)/issues/actions";
import { PairView } from "@/components/issues/pair-view";
import { buttonClass } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Nothing, Panel } from "@/components/ui/panel";
import { mayDo } from "@/lib/access/permissions";
import { readBanner } from "@/lib/data/gate";
import { readPair } from "@/lib/data/pairs";
import { requirePermission } from "@/lib/data/viewer";

type Props = { params: Promise<{ id: string }> };

export const metadata: Metadata = { title: "Issue" };

const MOST = 2_147_483_647;

export default async function PairPage({ params }: Props) {
  const viewer = await requirePermission("queue:read");
  const id = Number((await params).id);
  const isId = Number.isSafeInteger(id) && id > 0 && id <= MOST;
  const [pair, gate] = await Promise.all([isId ? readPair(id) : null, readBanner()]);
  if (!pair) return <NoPair />;
  const canAct = mayDo(viewer.role, "queue:act");
  const canWrite = mayDo(viewer.role, "connections:write");
  return (
    <PairView
      key={id}
      initial={pair}
      gate={gate}
      actions={{
        sync: canAct ? syncPairNow : null,
        stop: canWrite ? stopPairSync : null,
        start: canWrite ? startPairSync : null,
        decide: canAct ? decidePairConflicts : null,
        undecide: canAct ? undoPairDecision : null,
      }}
    />
  );
}

/** Pairs end with their connection, or when their marker is not found: an old address is nothing unusual. */
function NoPair() {
  return (
    <Panel title="This pair is not under sync">
      <Nothing title="It has ended, or its connection was deleted.">
        <p>Issues lists the pairs that exist.</p>
        <Link href="/issues" className={`${buttonClass()} mt-3`}>
          Issues
        </Link>
      </Nothing>
    </Panel>
  );
}
