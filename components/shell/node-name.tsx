"use client";
import { useGate } from "@/components/live/live-provider";
import { ProductName } from "@/components/shell/product-name";
import type { GateStatus } from "@/lib/gate/status";

/** The product's name and the node's label, which follow a decision that is taken in another tab. */
export function NodeName({ initial }: { initial: GateStatus }) {
  const gate = useGate(initial).gate ?? initial;
  const { label, colour } = gate;
  return <ProductName label={label} colour={colour} isInDoubt={gate.decisionDue !== null} />;
}
