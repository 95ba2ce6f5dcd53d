"use client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, useTransition } from "react";
import { type Answer, heard } from "@/components/connections/setup-actions";
import { Refusal } from "@/components/connections/step";
import { useGate } from "@/components/live/live-provider";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";
import { Form } from "@/components/ui/form";
import { Link } from "@/components/ui/link";
import { fieldClass } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import type { LookedUp } from "@/lib/connections/setup";
import type { Side } from "@/lib/sync/plan-types";

/** A key is looked up when nobody has typed for so long. */
const SETTLE_MS = 400;
const SIDES = ["local", "remote"] as const;

/** A connection that issues can be linked on, with the names of its instances. */
export type LinkConnection = { id: number; name: string; local: string; remote: string };

export type LinkActions = {
  lookUp: (input: { id: number; side: Side; key: string }) => Promise<Answer<LookedUp>>;
  link: (input: {
    connection: number;
    localKey: string;
    remoteKey: string;
  }) => Promise<Answer<{ pairId: number }>>;
};

/** Makes two issues that exist already a pair: both are shown first, and what will happen. */
export function LinkDialog({
  connections,
  proposed,
  actions,
  onClose,
}: {
  connections: LinkConnection[];
  proposed: { connection: number; local: string; remote: string };
  actions: LinkActions;
  onClose: () => void;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const { gate } = useGate(null);
  const [chosen, setChosen] = useState(proposed.connection);
  const [keys, setKeys] = useState({ local: proposed.local, remote: proposed.remote });
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();
  const connection = connections.find(({ id }) => id === chosen) ?? connections[0];
  const id = connection?.id ?? 0;
  const found = {
    local: useLookUp(id, "local", keys.local, actions.lookUp),
    remote: useLookUp(id, "remote", keys.remote, actions.lookUp),
  };
  const local = found.local?.ok ? found.local.value : null;
  const remote = found.remote?.ok ? found.remote.value : null;
  const isFree = [local, remote].every(
    (issue) => issue && (!issue.pair || issue.pair.isStopped || issue.pair.twin === null),
  );
  if (!connection) return null;

  function link(): void {
    if (!local || !remote) return;
    setRefusal(null);
    startTransition(async () => {
      const input = { connection: id, localKey: local.key, remoteKey: remote.key };
      const result = await heard(actions.link(input));
      if (!result.ok) return setRefusal(result.message);
      ref.current?.close();
      toast(`${local.key} and ${remote.key} are a pair.`, {
        action: {
          label: "Show",
          onClick: () => window.location.assign(`/issues/${result.value.pairId}`),
        },
      });
    });
  }

  return (
    <Dialog ref={ref} title="Link two issues" onClose={onClose}>
      <Form onSend={link}>
        <div className="flex flex-col gap-4 px-5 pt-3 pb-5">
          <p>
            Two issues that exist already become a pair, and no new twin is made for either. They
            are read and compared next.
          </p>
          <label className="flex flex-col gap-1">
            <span className="font-medium">Connection</span>
            <select
              className={fieldClass}
              value={id}
              onChange={(event) => setChosen(Number(event.target.value))}
            >
              {connections.map(({ id: each, name }) => (
                <option key={each} value={each}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <div className="grid gap-4 sm:grid-cols-2">
            {SIDES.map((side) => (
              <div key={side} className="flex min-w-0 flex-col gap-1">
                <label className="flex flex-col gap-1">
                  <span className="font-medium">Key at {connection[side]}</span>
                  <input
                    className={`${fieldClass} font-mono`}
                    autoComplete="off"
                    spellCheck={false}
                    maxLength={255}
                    value={keys[side]}
                    onChange={(event) => setKeys({ ...keys, [side]: event.target.value })}
                  />
                </label>
                <FoundIssue typed={keys[side].trim()} answer={found[side]} />
              </div>
            ))}
          </div>
          {local && remote && isFree && (
            <p>
              {meetingWords(local.firstMeeting, connection)}{" "}
              {gate?.state === "active"
                ? "Synchronisation is active: what needs no decision is sent without further question."
                : "Nothing is sent while synchronisation is inactive."}
            </p>
          )}
          <Refusal message={refusal} />
        </div>
        <DialogButtons>
          <Button onClick={() => ref.current?.close()}>Leave them apart</Button>
          <Button type="submit" look="primary" disabled={isPending || !isFree}>
            {local && remote ? `Link ${local.key} and ${remote.key}` : "Link two issues"}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}

function FoundIssue({ typed, answer }: { typed: string; answer: Answer<LookedUp> | undefined }) {
  return (
    <div aria-live="polite" className="min-h-10">
      {typed && !answer && <p className="text-soft">Looking…</p>}
      {answer?.ok === false && <p className="text-error-text">{answer.message}</p>}
      {answer?.ok && (
        <>
          <p className="break-words">{answer.value.summary}</p>
          {answer.value.pair && <PairWords pair={answer.value.pair} />}
        </>
      )}
    </div>
  );
}

function PairWords({ pair }: { pair: NonNullable<LookedUp["pair"]> }) {
  const link = (
    <Link href={`/issues/${pair.id}`} className="text-link underline">
      {pair.twin ?? "its pair"}
    </Link>
  );
  if (pair.twin && pair.isStopped)
    return <p className="text-soft">Its sync with {link} is stopped.</p>;
  if (pair.twin) return <p className="text-error-text">It is in step with {link} already.</p>;
  return <p className="text-soft">It waits for a new twin. Once linked, it gets none.</p>;
}

function meetingWords(meeting: LookedUp["firstMeeting"], names: Record<Side, string>): string {
  return meeting === "hold"
    ? "Where they differ, a person decides field by field; comments and attachments that exist stay where they are."
    : `Where they differ, ${names[meeting]} wins: its values are sent to ${names[meeting === "local" ? "remote" : "local"]}.`;
}

/** What a side says to a key, once nobody types any more. */
function useLookUp(
  id: number,
  side: Side,
  text: string,
  lookUp: LinkActions["lookUp"],
): Answer<LookedUp> | undefined {
  const typed = text.trim();
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const { data } = useQuery({
    queryKey: ["look-up", id, side, settled],
    queryFn: () => heard(lookUp({ id, side, key: settled })),
    enabled: settled !== "",
    meta: { follows: false },
  });
  return settled === typed && typed !== "" ? data : undefined;
}
