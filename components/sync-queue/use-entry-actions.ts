"use client";
import { useQueryClient } from "@tanstack/react-query";
import { answered } from "@/components/gate/gate-actions";
import {
  doneWords,
  type EntryActions,
  type EntryVerb,
  UNDO,
} from "@/components/sync-queue/entry-actions";
import { toast } from "@/components/ui/toast";

export type Target = { id: number; issueKey: string };

/** Runs an action, says what came of it, offers to take it back, and reads the lists again. */
export function useEntryActions(actions: EntryActions | null) {
  const client = useQueryClient();

  async function act(verb: EntryVerb, targets: Target[], reason?: string): Promise<boolean> {
    if (!actions || targets.length === 0) return false;
    const ids = targets.map((target) => target.id);
    const result = await answered(actions[verb]({ ids, ...(reason ? { reason } : {}) }));
    if (result.ok) {
      const undo = UNDO[verb];
      toast(
        doneWords(
          verb,
          targets.map((target) => target.issueKey),
          result.changed,
        ),
        {
          ...(undo && { action: { label: "Undo", onClick: () => void act(undo, targets) } }),
        },
      );
    } else {
      toast.error(result.message);
    }
    await client.invalidateQueries();
    return result.ok;
  }

  return act;
}
