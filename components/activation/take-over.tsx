"use client";
import { useState } from "react";
import type { ActivationActions } from "@/components/activation/activation-actions";
import { Address } from "@/components/ui/address";
import { Button } from "@/components/ui/button";
import { laterDialog } from "@/components/ui/later";
import { Mark } from "@/components/ui/mark";
import type { ClaimLine } from "@/lib/identity/activation";

const TypedNameDialog = laterDialog(
  async () => (await import("@/components/activation/typed-name-dialog")).TypedNameDialog,
);

type Trouble = Extract<ClaimLine["finding"], { kind: "alive" | "newer" | "contested" }>;

/**
 * The way out where another node used our identity: how to tell the original, what taking over does and
 * that it cannot be undone, then the button. Not before the decision: a copy has nothing to take over.
 */
export function TakeOver({
  claim,
  finding,
  ourConsole,
  isDecisionDue,
  takeOver,
}: {
  claim: ClaimLine;
  finding: Trouble;
  ourConsole: string | null;
  isDecisionDue: boolean;
  /** Null for people who may only look. */
  takeOver: ActivationActions["takeOver"] | null;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const { instance, project } = claim;
  const isSameConsole = finding.console !== null && finding.console === ourConsole;
  return (
    <div className="flex max-w-prose flex-col gap-2">
      <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
        <Console of="This node's console" address={ourConsole} />
        <Console of="The other node's console" address={finding.console} />
      </dl>
      <p>
        {isSameConsole
          ? "Both have one address: it was probably this node itself, before its database was restored. Or somebody runs a second node behind that address."
          : "Open both: the original is the one that people work in."}{" "}
        <strong className="font-semibold">
          If the other one is the original, leave it alone: it goes on undisturbed while this node
          stays inactive.
        </strong>
      </p>
      {isDecisionDue ? (
        <p className="font-medium">
          <a href="#decision" className="text-link underline">
            Decide first
          </a>{" "}
          whether this is the same node or a copy. Only the same node can take over here.
        </p>
      ) : (
        <p>
          Only if this node is the original: stop the other one, then take over. Taking over at{" "}
          {instance.name} declares that the sign of life which stands there counts as this node's.
          Nothing is sent by it. It cannot be taken back; only the other node can take over in turn.
          This node then listens again before it may write; a node that still lives is found again,
          and one that comes back later stops at {instance.name} at its next look and says so.
        </p>
      )}
      {!isDecisionDue && takeOver && (
        <div>
          <Button onClick={() => setIsOpen(true)}>Take over at {instance.name}…</Button>
        </div>
      )}
      {isOpen && takeOver && (
        <TypedNameDialog
          title={`Take over at ${instance.name}`}
          name={instance.name}
          kind="instance"
          act={`Take over at ${instance.name}`}
          done={`What stands at ${instance.name} counts as ours. This node listens again.`}
          withReason
          send={({ typedName, reason }) =>
            takeOver({ instanceId: instance.id, project, typedName, ...(reason && { reason }) })
          }
          onClose={() => setIsOpen(false)}
        >
          <p className="flex items-start gap-2.5 rounded-control bg-error-wash p-3">
            <Mark name="error" className="mt-0.5 size-4 text-error-text" />
            <span>
              <strong className="font-semibold text-error-text">
                {finding.kind === "alive"
                  ? "The other node is running. Stop it first."
                  : "Somebody used this identity after us."}
              </strong>{" "}
              {finding.kind === "alive"
                ? "Taking over is right only if this node is the original, and the other one is a copy that is being stopped."
                : "Taking over is right only if that node is a copy or stopped for good, or if it was this node itself, before its database was restored."}
            </span>
          </p>
          <ul className="flex list-disc flex-col gap-1 pl-5">
            <li>
              The sign of life that stands at {instance.name} (project{" "}
              <span className="font-mono">{project}</span>) counts as ours from now on. Nothing is
              sent by this, and it cannot be taken back.
            </li>
            <li>
              Then this node listens again. A node that still lives is found again, and nothing is
              sent.
            </li>
            <li>
              Once you have activated, this node gives its own sign of life there, and the other one
              stops at its next look. What it sends until then still arrives.
            </li>
          </ul>
        </TypedNameDialog>
      )}
    </div>
  );
}

function Console({ of: name, address }: { of: string; address: string | null }) {
  return (
    <div className="min-w-0">
      <dt className="text-small text-soft">{name}</dt>
      <dd className="font-mono">
        {address ? (
          <Address of={address} />
        ) : (
          <span className="font-sans text-soft italic">not known</span>
        )}
      </dd>
    </div>
  );
}
