"use client";
import { useTransition } from "react";
import { type ActionResult, answered } from "@/components/gate/gate-actions";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";

/** Lets a stopped connection try again at once, after somebody repaired what stopped it. */
export function RetryConnection({
  id,
  name,
  retry,
}: {
  id: number;
  name: string;
  retry: (input: { id: number }) => Promise<ActionResult>;
}) {
  const [isPending, startTransition] = useTransition();
  return (
    <Button
      size="small"
      disabled={isPending}
      aria-label={`Try ${name} again now`}
      onClick={() =>
        startTransition(async () => {
          const result = await answered(retry({ id }));
          if (result.ok) toast(`${name} tries again now.`);
          else toast.error(result.message);
        })
      }
    >
      Try again now
    </Button>
  );
}
