"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState, useTransition } from "react";
import type { BringInActions } from "@/components/connections/connection-actions";
import { heard } from "@/components/connections/setup-actions";
import { Refusal } from "@/components/connections/step";
import { answered } from "@/components/gate/gate-actions";
import { useGate } from "@/components/live/live-provider";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { toast } from "@/components/ui/toast";
import { count, formatNumber, isAre } from "@/components/ui/words";
import type { ConnectionPage } from "@/lib/connections/connection-page";
import type { Existing } from "@/lib/connections/setup";
import type { Side } from "@/lib/sync/plan-types";

/** A page that brings issues in looks so often whether that is done. */
const LOOK_EVERY_MS = 1_500;
const SIDES = ["local", "remote"] as const;

/** Brings in what a connection's searches name now: how many, what becomes of them, and one act for each side. */
export function BringInDialog({
  connection,
  actions,
  onClose,
}: {
  connection: ConnectionPage;
  actions: BringInActions;
  onClose: () => void;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const { gate } = useGate(null);
  const sides = SIDES.filter((side) => connection[side].trigger !== null);
  return (
    <Dialog ref={ref} title="Bring in existing issues" onClose={onClose}>
      <div className="flex flex-col gap-3 px-5 pt-3 pb-5">
        <p>
          Issues that exist already come under sync when they change. This brings in at once what a
          search names now, whatever its age.
        </p>
        <p className="text-soft">
          Each issue that is in no pair yet gets a new twin at the other side. If it has a
          counterpart there,{" "}
          <Link href={`/issues?link=${connection.id}`} className="text-link underline">
            link the two
          </Link>{" "}
          first.{" "}
          {gate?.state === "active"
            ? "Synchronisation is active: the twins are created without further question."
            : "Nothing is sent while synchronisation is inactive: they wait in the Sync Queue for you to review."}
        </p>
        {sides.length === 0 && (
          <p>No search brings issues in. Agree on one first, under “What was agreed”.</p>
        )}
        {sides.map((side) => (
          <OneSide key={side} connection={connection} side={side} actions={actions} />
        ))}
      </div>
      <DialogButtons>
        <Button onClick={() => ref.current?.close()}>Close</Button>
      </DialogButtons>
    </Dialog>
  );
}

function OneSide({
  connection,
  side,
  actions,
}: {
  connection: ConnectionPage;
  side: Side;
  actions: BringInActions;
}) {
  const { id } = connection;
  const { instance, trigger, bringingIn } = connection[side];
  const [refusal, setRefusal] = useState<string | null>(null);
  /** How many were in a pair when somebody had the rest brought in. */
  const [knownBefore, setKnownBefore] = useState<number | null>(null);
  const [isPending, startTransition] = useTransition();
  const counted = useQuery({
    queryKey: ["existing", id, side, trigger, bringingIn?.at ?? null],
    queryFn: () => heard(actions.count({ id, side })),
    staleTime: 0,
    // The instance is asked when the dialog opens and when they are in, not with every change here.
    meta: { follows: false },
    refetchInterval: ({ state: { data } }) =>
      knownBefore !== null && !bringingIn && !(data?.ok && isIn(data.value, knownBefore))
        ? LOOK_EVERY_MS
        : false,
  });
  const router = useRouter();
  useEffect(() => {
    if (!bringingIn) return;
    const timer = setInterval(() => router.refresh(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [bringingIn, router]);
  const found = counted.data?.ok ? counted.data.value : null;

  function bring(): void {
    setRefusal(null);
    startTransition(async () => {
      const result = await answered(actions.bring({ id, side }));
      if (!result.ok) return setRefusal(result.message);
      setKnownBefore(found?.known ?? 0);
      toast(`They come in when a worker looks at ${instance.name} next, within seconds.`);
    });
  }

  return (
    <section
      aria-label={`From ${instance.name}`}
      className="flex flex-col gap-2 rounded-control border border-line p-3"
    >
      <h3 className="font-medium">From {instance.name}</h3>
      <p className="font-mono text-small break-words text-soft">{trigger}</p>
      <p role="status" className="min-h-5">
        {counted.isPending && <span className="text-soft">Counting at {instance.name}…</span>}
        {found && existingWords(found)}
      </p>
      {found && !bringingIn && <Examples found={found} />}
      {counted.data?.ok === false && <Refusal message={counted.data.message} />}
      <Refusal message={refusal} />
      {bringingIn ? (
        <p>
          <Mark name="running" className="mr-2 inline size-3.5 align-[-2px]" />
          Being brought in for {bringingIn.by}, asked <Moment at={bringingIn.at} align="start" />.
        </p>
      ) : isIn(found, knownBefore) ? (
        <p>
          <Mark name="done" className="mr-2 inline size-3.5 align-[-2px] text-fine" />
          They are in.{" "}
          <Link href={`/sync-queue?connection=${id}`} className="text-link underline">
            See what waits for them
          </Link>
        </p>
      ) : (
        found &&
        leftOf(found) > 0 && (
          <Button look="primary" className="w-fit" disabled={isPending} onClick={bring}>
            Bring in the {count(leftOf(found), "issue")} that{" "}
            {leftOf(found) === 1 ? "matches" : "match"} now
          </Button>
        )
      )}
    </section>
  );
}

/** The newest of what would come in, so that a search that names the wrong issues is seen to. */
function Examples({ found }: { found: Existing }) {
  const more = leftOf(found) - found.examples.length;
  if (found.examples.length === 0) return null;
  return (
    <ul aria-label="Examples" className="flex flex-col gap-0.5">
      {found.examples.map(({ key, summary }) => (
        <li key={key} className="flex items-baseline gap-3">
          <span className="font-mono whitespace-nowrap">{key}</span>
          <span className="truncate text-soft" title={summary}>
            {summary}
          </span>
        </li>
      ))}
      {more > 0 && <li className="text-soft">and {formatNumber(more)} more</li>}
    </ul>
  );
}

/** Whether what was asked for is there: the count tells, as a worker may be quicker than the page. */
function isIn(found: Existing | null, knownBefore: number | null): boolean {
  return found !== null && knownBefore !== null && found.known > knownBefore;
}

/** What is in no pair yet, as far as it is known. */
function leftOf({ total, known }: Existing): number {
  return total - known;
}

function existingWords({ total, lookedAt, known }: Existing): string {
  if (total === 0) return "The search names no issue now.";
  const named = `${count(total, "issue")} ${total === 1 ? "matches" : "match"} now.`;
  if (known === 0) return named;
  if (known === total) return `${named} ${total === 1 ? "It is" : "All are"} under sync already.`;
  const among = lookedAt < total ? `Of the newest ${formatNumber(lookedAt)}, ` : "";
  return `${named} ${among}${formatNumber(known)} ${isAre(known)} under sync already and ${known === 1 ? "stays as it is" : "stay as they are"}.`;
}
