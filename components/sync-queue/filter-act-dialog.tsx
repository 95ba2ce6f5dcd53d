"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState, useTransition } from "react";
import { answered } from "@/components/gate/gate-actions";
import {
  actLabel,
  type FilterAct,
  type FilterActions,
} from "@/components/sync-queue/entry-actions";
import { Button } from "@/components/ui/button";
import { Dialog, DialogButtons } from "@/components/ui/dialog";
import { Form } from "@/components/ui/form";
import { ReasonField } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import { count, isAre } from "@/components/ui/words";
import type { QueueFilter } from "@/lib/sync-queue/row";

/** As long as the server keeps what it takes to undo. */
const UNDO_MS = 10 * 60 * 1_000;

/** Says what an act on a whole filter does, how many it counts, and that it can be undone for a while. */
export function FilterActDialog({
  act,
  filter,
  shown,
  actions,
  onClose,
}: {
  act: FilterAct;
  filter: QueueFilter;
  shown: number;
  actions: FilterActions;
  onClose: () => void;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const client = useQueryClient();
  // What was counted when it was opened: the server refuses when it has become quite another number.
  const [amount] = useState(shown);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function submit(form: FormData): void {
    const reason = String(form.get("reason") ?? "").trim();
    startTransition(async () => {
      const result = await answered(
        actions.actOnFilter({
          act,
          filter: withoutSort(filter),
          count: amount,
          ...(reason && { reason }),
        }),
      );
      await client.invalidateQueries();
      if (!result.ok) return setRefusal(result.message);
      ref.current?.close();
      const { changed = 0, undoId } = result;
      toast(
        `${count(changed, "issue")} ${isAre(changed)} ${act === "release" ? "released" : "discarded"}.`,
        {
          ...(undoId !== undefined && {
            duration: UNDO_MS,
            cancel: { label: "Close", onClick: () => undefined },
            action: { label: "Undo", onClick: () => void undo(undoId) },
          }),
        },
      );
    });
  }

  async function undo(undoId: string): Promise<void> {
    const result = await answered(actions.undoAct({ undoId }));
    await client.invalidateQueries();
    if (result.ok) toast("Taken back.");
    else toast.error(result.message);
  }

  const title = `${actLabel(act, amount)} ${amount === 1 ? "issue" : "issues"} that ${amount === 1 ? "matches" : "match"}`;
  return (
    <Dialog ref={ref} title={title} onClose={onClose}>
      <Form onSend={submit}>
        <div className="flex flex-col gap-4 px-5 pt-3 pb-5">
          <p>This applies to everything that the filter matches, on other pages too.</p>
          {act === "release" ? (
            <p>
              What is held goes back to the queue and is planned again. While synchronisation is
              active it is sent at once; while it is inactive it waits until an administrator
              activates.
            </p>
          ) : (
            <p>
              What waits for these issues will not be sent, and the two sides stay different. The
              issues themselves are not touched. The next change of one brings it back to the queue,
              with everything that differs by then. What is being sent at this moment stays.
            </p>
          )}
          <p className="text-soft">
            It can be undone for ten minutes, in the message that appears.
          </p>
          <ReasonField placeholder={act === "release" ? "reviewed" : "belongs to the original"} />
          <p role="alert" className="text-error-text empty:hidden">
            {refusal}
          </p>
        </div>
        <DialogButtons>
          <Button onClick={() => ref.current?.close()}>
            {act === "release" ? "Leave them as they are" : "Keep in the queue"}
          </Button>
          <Button
            type="submit"
            look={act === "discard" ? "danger" : "primary"}
            disabled={isPending}
          >
            {actLabel(act, amount)} {amount === 1 ? "issue" : "issues"}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}

/** The order in which rows are shown is no part of what is acted on. */
function withoutSort({ sort: _, ...filter }: QueueFilter): Omit<QueueFilter, "sort"> {
  return filter;
}
