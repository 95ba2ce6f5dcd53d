"use client";
import { useState } from "react";
import type { ActivationActions } from "@/components/activation/activation-actions";
import { ANCHORED, anchors } from "@/components/activation/anchors";
import { Address } from "@/components/ui/address";
import { Button } from "@/components/ui/button";
import { laterDialog } from "@/components/ui/later";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import type { HeldConnection } from "@/lib/identity/activation";

const TypedNameDialog = laterDialog(
  async () => (await import("@/components/activation/typed-name-dialog")).TypedNameDialog,
);

const RepointDialog = laterDialog(
  async () => (await import("@/components/activation/repoint-dialog")).RepointDialog,
);

/** A connection that came with a copy: nothing passes until a side is pointed elsewhere, or it is let go. */
export function HeldConnectionLine({
  connection,
  actions,
}: {
  connection: HeldConnection;
  actions: ActivationActions | null;
}) {
  const [open, setOpen] = useState<"release" | "local" | "remote" | null>(null);
  const repointed = connection.sides.find(({ side }) => side === open);
  return (
    <section
      aria-label={`${connection.name} is held`}
      id={anchors.held(connection.id)}
      className={`flex flex-wrap items-start gap-x-4 gap-y-3 px-4 py-3 ${ANCHORED}`}
    >
      <div className="flex min-w-0 flex-1 basis-80 items-start gap-2.5">
        <Mark name="held" className="mt-0.5 size-4" />
        <div className="min-w-0 flex-1">
          <h3 className="font-medium">
            {connection.name} is held{" "}
            <span className="font-normal text-soft">
              since <Moment at={connection.heldAt} as="clock" align="start" />
            </span>
          </h3>
          <p className="max-w-prose text-soft">
            Nothing is read from a held side or sent to it. Point it elsewhere, or release the
            connection as it is.
          </p>
          <ul className="mt-2 flex flex-col gap-1.5">
            {connection.sides.map((side) => (
              <li key={side.side} className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span className="w-14 text-soft">{side.side}</span>
                <span>
                  {side.instance}, project <span className="font-mono">{side.project}</span>
                </span>
                <span className="font-mono text-soft">
                  <Address of={side.address} />
                </span>
                {side.isHeld ? (
                  actions && (
                    <Button size="small" onClick={() => setOpen(side.side)}>
                      Point elsewhere…
                    </Button>
                  )
                ) : (
                  <span className="inline-flex items-center gap-1.5 text-soft">
                    <Mark name="done" className="size-3.5 text-fine" /> not held
                  </span>
                )}
              </li>
            ))}
          </ul>
        </div>
      </div>
      {actions && <Button onClick={() => setOpen("release")}>Release as it is…</Button>}
      {open === "release" && actions && (
        <TypedNameDialog
          title={`Release ${connection.name} as it is`}
          name={connection.name}
          kind="connection"
          act={`Release ${connection.name}`}
          done={`${connection.name} is released.`}
          send={({ typedName }) => actions.releaseConnection({ id: connection.id, typedName })}
          onClose={() => setOpen(null)}
        >
          <p>This node will read from these places and, once it is active, write to them:</p>
          <ul className="flex flex-col gap-1">
            {connection.sides.map((side) => (
              <li key={side.side}>
                {side.instance}, project <span className="font-mono">{side.project}</span>,{" "}
                <span className="font-mono">
                  <Address of={side.address} />
                </span>
              </li>
            ))}
          </ul>
          <p>
            Right when no other node uses this connection any more. While one does, both would send
            the same changes. Entries that are held stay held until somebody releases them in the
            Sync Queue.
          </p>
        </TypedNameDialog>
      )}
      {repointed && actions && (
        <RepointDialog
          connection={connection}
          side={repointed}
          repoint={actions.repointSide}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}
