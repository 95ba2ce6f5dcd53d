"use client";
import { useRouter } from "next/navigation";
import { useRef, useState, useTransition } from "react";
import type { ActivationActions } from "@/components/activation/activation-actions";
import { answered } from "@/components/gate/gate-actions";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";
import { Form } from "@/components/ui/form";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { ReasonField } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import type { ActivationView, Decision } from "@/lib/identity/activation";

type Taken = NonNullable<NonNullable<ActivationView["verdict"]>["decision"]>;

const WORDS: Record<Decision, string> = {
  same_node: "decided that it is the same node",
  copy: "decided that it is a copy",
  stay_inactive: "left it inactive, undecided",
};

/** What revoking does, said before it is done. */
const REVOKED: Record<Decision, string> = {
  same_node: "The question is open again, and nothing can be activated until it is answered.",
  copy: "The node gets back the identity and the label it had; what was set aside and held because it was a copy is as before. Sessions and tokens that ended stay ended. The question is open again.",
  stay_inactive: "The question is open again, as if nobody had seen it.",
};

/** Who decided what, and the way back while there is one. */
export function DecisionTaken({
  verdictId,
  decision,
  revoke,
}: {
  verdictId: number;
  decision: Taken;
  revoke: ActivationActions["revokeDecision"] | null;
}) {
  const [isRevoking, setIsRevoking] = useState(false);
  return (
    <section
      aria-label="The decision"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-4 py-3"
    >
      <p className="flex min-w-0 flex-1 basis-72 items-start gap-2.5">
        <Mark
          name={decision.kind === "stay_inactive" ? "held" : "done"}
          className={`mt-0.5 size-4 ${decision.kind === "stay_inactive" ? "text-soft" : "text-fine"}`}
        />
        <span>
          <strong className="font-semibold">{decision.by}</strong> {WORDS[decision.kind]},{" "}
          <Moment at={decision.at} align="start" />
          {decision.reason && `: “${decision.reason}”`}.{" "}
          {!decision.isRevocable && decision.kind !== "stay_inactive" && (
            <span className="text-soft">It can no longer be revoked.</span>
          )}
        </span>
      </p>
      {decision.isRevocable && revoke && (
        <Button onClick={() => setIsRevoking(true)}>Revoke…</Button>
      )}
      {isRevoking && revoke && (
        <RevokeDialog
          verdictId={verdictId}
          decision={decision}
          revoke={revoke}
          onClose={() => setIsRevoking(false)}
        />
      )}
    </section>
  );
}

function RevokeDialog({
  verdictId,
  decision,
  revoke,
  onClose,
}: {
  verdictId: number;
  decision: Taken;
  revoke: ActivationActions["revokeDecision"];
  onClose: () => void;
}) {
  const router = useRouter();
  const ref = useRef<HTMLDialogElement>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function submit(form: FormData): void {
    const reason = String(form.get("reason") ?? "").trim();
    startTransition(async () => {
      const result = await answered(revoke({ verdictId, ...(reason && { reason }) }));
      if (!result.ok) return setRefusal(result.message);
      ref.current?.close();
      toast("The decision is revoked.");
      router.refresh();
    });
  }

  return (
    <Dialog ref={ref} title="Revoke the decision" onClose={onClose}>
      <Form onSend={submit}>
        <div className="flex flex-col gap-4 px-5 pt-3 pb-5">
          <p>{REVOKED[decision.kind]}</p>
          <ReasonField placeholder="it was the other node" />
          <p role="alert" className="text-error-text empty:hidden">
            {refusal}
          </p>
        </div>
        <DialogButtons>
          <Button onClick={() => ref.current?.close()}>Keep the decision</Button>
          <Button type="submit" look="danger" disabled={isPending}>
            Revoke the decision
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}
