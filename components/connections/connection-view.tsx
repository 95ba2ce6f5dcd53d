"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { AgreementPanel } from "@/components/connections/agreement-panel";
import type {
  Agreed,
  BringInActions,
  ConnectionActions,
  ConnectionLooks,
} from "@/components/connections/connection-actions";
import { MappingTable } from "@/components/connections/mapping-table";
import { heard } from "@/components/connections/setup-actions";
import { SideFacts } from "@/components/connections/side-facts";
import { Refusal } from "@/components/connections/step";
import { Webhooks } from "@/components/connections/webhooks-panel";
import { answered } from "@/components/gate/gate-actions";
import { Button } from "@/components/ui/button";
import { later, laterDialog } from "@/components/ui/later";
import { Link } from "@/components/ui/link";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { OneMoment } from "@/components/ui/part-missing";
import { toast } from "@/components/ui/toast";
import { count, formatNumber } from "@/components/ui/words";
import type { ConnectionPage } from "@/lib/connections/connection-page";
import type { Side } from "@/lib/sync/plan-types";

const AgreementForm = later(
  async () => (await import("@/components/connections/agreement-form")).AgreementForm,
  { Waiting: OneMoment },
);
const MappingStep = later(
  async () => (await import("@/components/connections/mapping-step")).MappingStep,
  { Waiting: OneMoment },
);

const PauseDialog = laterDialog(
  async () => (await import("@/components/connections/pause-dialog")).PauseDialog,
);

const TextFormatDialog = laterDialog(
  async () => (await import("@/components/connections/text-format-dialog")).TextFormatDialog,
);

const BringInDialog = laterDialog(
  async () => (await import("@/components/connections/bring-in-dialog")).BringInDialog,
);

const TypedNameDialog = laterDialog(
  async () => (await import("@/components/activation/typed-name-dialog")).TypedNameDialog,
);

const RepointDialog = laterDialog(
  async () => (await import("@/components/activation/repoint-dialog")).RepointDialog,
);

/** One connection: how it is, what was agreed, and what an administrator can change about it. */
export function ConnectionView({
  connection,
  actions,
  bringIn,
  isBringingIn,
  look,
}: {
  connection: ConnectionPage;
  /** Null for people who may only look. */
  actions: ConnectionActions | null;
  /** Null for people who may not. */
  bringIn: BringInActions | null;
  /** The page was opened for that. */
  isBringingIn: boolean;
  look: ConnectionLooks;
}) {
  const router = useRouter();
  const { id, name, local, remote, paused, error } = connection;
  const [dialog, setDialog] = useState<"pause" | "delete" | "bring in" | null>(
    isBringingIn ? "bring in" : null,
  );
  const [repointed, setRepointed] = useState<Side | null>(null);
  const [formatted, setFormatted] = useState<Side | null>(null);
  const [changing, setChanging] = useState<"terms" | "mapping" | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();
  const names = { local: local.instance.name, remote: remote.instance.name };
  const place = (side: "local" | "remote") => ({
    instance: connection[side].instance.id,
    project: connection[side].project,
    issueType: connection[side].issueType,
  });
  const places = { local: place("local"), remote: place("remote") };
  const agreed: Agreed = {
    mapping: connection.mapping,
    policy: connection.policy,
    firstMeeting: connection.firstMeeting,
    concurrency: connection.concurrency,
    triggers: { local: local.trigger, remote: remote.trigger },
    quiet: { local: local.quiet, remote: remote.quiet },
  };
  const compared = useQuery({
    queryKey: ["sides", id],
    queryFn: () => heard(look.compareSides(places)),
    enabled: changing === "mapping",
    staleTime: 60_000,
  });

  /** Saves a change of the agreement as it is shown, and offers to take it back. */
  function save(changed: Partial<Agreed>, reason?: string): void {
    if (!actions) return;
    const { change } = actions;
    const { agreedVersion } = connection;
    startTransition(async () => {
      const result = await answered(change({ id, ...agreed, ...changed, agreedVersion, reason }));
      if (!result.ok) return setRefusal(result.message);
      open(null);
      toast(`${name} is changed.`, {
        action: {
          label: "Undo",
          onClick: async () => {
            const undone = await answered(
              change({ id, ...agreed, agreedVersion: agreedVersion + 1, reason: "taken back" }),
            );
            if (undone.ok) toast(`${name} is as it was before.`);
            else toast.error(undone.message);
          },
        },
      });
    });
  }

  function open(what: typeof changing): void {
    setRefusal(null);
    setChanging(what);
  }

  function resume(): void {
    if (!actions) return;
    startTransition(async () => {
      const result = await answered(actions.resume({ id }));
      if (result.ok) toast(`${name} goes on.`);
      else toast.error(result.message);
    });
  }

  return (
    <div className="flex flex-col gap-4">
      <header className="flex flex-col gap-3">
        <Link href="/connections" className="w-fit text-soft hover:text-ink">
          ← Connections
        </Link>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <h1 className="text-title font-semibold">{name}</h1>
          <div className="flex flex-wrap gap-2">
            {bringIn && (
              <Button onClick={() => setDialog("bring in")}>Bring in existing issues</Button>
            )}
            {actions && (
              <>
                {paused ? (
                  <Button look="primary" disabled={isPending} onClick={resume}>
                    Resume
                  </Button>
                ) : (
                  <Button onClick={() => setDialog("pause")}>Pause</Button>
                )}
                <Link
                  href={`/connections/new?like=${id}`}
                  className="inline-flex h-9 items-center rounded-control border border-line bg-surface px-3 font-medium hover:bg-hover"
                >
                  Duplicate
                </Link>
                <Button onClick={() => setDialog("delete")}>Delete</Button>
              </>
            )}
          </div>
        </div>
        {paused && (
          <p className="rounded-panel border border-line bg-surface px-4 py-3">
            <Mark name="held" className="mr-2 inline size-3.5 align-[-2px]" />
            Paused by {paused.by} <Moment at={paused.at} align="start" />
            {paused.reason && `: “${paused.reason}”`}.{" "}
            {paused.until ? (
              <>
                It goes on by itself <Moment at={paused.until} as="until" />.
              </>
            ) : (
              "Nothing is sent for it until somebody resumes it."
            )}
          </p>
        )}
        {error && (
          <p className="rounded-panel border border-error-text bg-error-wash px-4 py-3">
            <span className="font-medium text-error-text">{error.code.replaceAll("_", " ")}</span>:{" "}
            {error.message}
          </p>
        )}
        <p className="flex flex-wrap gap-x-4 gap-y-1 text-soft">
          <span>{count(connection.pairs, "pair")} under sync</span>
          <Link href={`/sync-queue?connection=${id}`} className="text-link hover:underline">
            {formatNumber(connection.waiting)} waiting
          </Link>
          {connection.pairs > 0 && (
            <span>
              Checked by reading both sides again: {formatNumber(connection.sweep.done)} of{" "}
              {formatNumber(connection.pairs)}
              {connection.sweep.endedAt && (
                <>
                  , last whole round <Moment at={connection.sweep.endedAt} />
                </>
              )}
            </span>
          )}
          {connection.deleted > 0 && (
            <Link
              href={`/issues?connection=${id}&standing=failed`}
              className="text-link hover:underline"
            >
              {count(connection.deleted, "issue")} deleted at one side, kept at the other
            </Link>
          )}
        </p>
      </header>
      <div className="grid gap-4 lg:grid-cols-2">
        <SideFacts
          title="Local side"
          side={local}
          onRepoint={actions && (() => setRepointed("local"))}
          onTextFormat={actions && (() => setFormatted("local"))}
        />
        <SideFacts
          title="Remote side"
          side={remote}
          onRepoint={actions && (() => setRepointed("remote"))}
          onTextFormat={actions && (() => setFormatted("remote"))}
        />
      </div>
      <Panel title="Webhooks" id="webhooks">
        <Webhooks
          id={id}
          projects={{ local: local.project, remote: remote.project }}
          actions={actions ? actions.webhooks : null}
        />
      </Panel>
      <AgreementPanel
        terms={agreed}
        names={names}
        mailsRefused={{ local: local.mailsRefused, remote: remote.mailsRefused }}
        aside={
          actions &&
          changing !== "terms" && (
            <Button size="small" onClick={() => open("terms")}>
              Change what was agreed
            </Button>
          )
        }
      >
        {changing === "terms" && actions ? (
          <AgreementForm
            initial={agreed}
            places={places}
            names={names}
            canBeQuiet={{ local: local.canBeQuiet, remote: remote.canBeQuiet }}
            pairs={connection.pairs}
            waiting={connection.waiting}
            isPending={isPending}
            refusal={refusal}
            look={look}
            id={id}
            onSave={save}
            onLeave={() => open(null)}
          />
        ) : null}
      </AgreementPanel>
      <Panel
        title="How fields correspond"
        aside={
          actions &&
          changing !== "mapping" && (
            <Button size="small" onClick={() => open("mapping")}>
              Change the mapping
            </Button>
          )
        }
      >
        {changing === "mapping" && actions ? (
          <div className="p-4">
            {compared.isPending && (
              <p className="text-soft">Reading both sides’ fields, values and people…</p>
            )}
            {compared.data?.ok === false && (
              <div className="flex flex-col items-start gap-3">
                <Refusal message={compared.data.message} />
                <Button onClick={() => open(null)}>Leave it as it is</Button>
              </div>
            )}
            {compared.data?.ok && (
              <MappingStep
                compared={compared.data.value}
                initial={connection.mapping}
                names={names}
                act="Save the mapping"
                onChosen={(mapping) => save({ mapping })}
              />
            )}
            <Refusal message={refusal} />
          </div>
        ) : (
          <MappingTable mapping={connection.mapping} names={names} />
        )}
      </Panel>
      {repointed && actions && (
        <RepointDialog
          connection={connection}
          side={{
            side: repointed,
            instance: names[repointed],
            project: connection[repointed].project,
            address: connection[repointed].instance.baseUrl,
          }}
          repoint={actions.repoint}
          onClose={() => setRepointed(null)}
        />
      )}
      {formatted && actions && connection[formatted].textFormat && (
        <TextFormatDialog
          instance={connection[formatted].instance}
          format={connection[formatted].textFormat}
          change={actions.changeTextFormat}
          onClose={() => setFormatted(null)}
        />
      )}
      {dialog === "bring in" && bringIn && (
        <BringInDialog connection={connection} actions={bringIn} onClose={() => setDialog(null)} />
      )}
      {dialog === "pause" && actions && (
        <PauseDialog id={id} name={name} pause={actions.pause} onClose={() => setDialog(null)} />
      )}
      {dialog === "delete" && actions && (
        <TypedNameDialog
          title={`Delete ${name}`}
          name={name}
          kind="connection"
          act="Delete the connection"
          done={`${name} is deleted.`}
          withReason
          send={async (input) => {
            const result = await actions.remove({ id, ...input });
            if (result.ok) router.push("/connections");
            return result;
          }}
          onClose={() => setDialog(null)}
        >
          <p>
            Its {count(connection.pairs, "pair")} and the {formatNumber(connection.waiting)} entries
            that wait for it end; nothing of them is sent. The issues stay as they are at both
            sides. Linked again later, they meet as if for the first time. A webhook that is
            registered for it stays at its instance: remove it first. This cannot be undone.
          </p>
        </TypedNameDialog>
      )}
    </div>
  );
}
