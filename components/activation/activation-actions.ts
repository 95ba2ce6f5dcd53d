import type { ActionResult, GateActions } from "@/components/gate/gate-actions";
import type { Decision } from "@/lib/identity/activation";
import type { Side } from "@/lib/sync/plan-types";

/** What the Activation page may ask the server to do; each is a server action. */
export type ActivationActions = {
  activate: GateActions["activate"];
  deactivate: GateActions["deactivate"];
  decide: (input: {
    verdictId: number;
    decision: Decision;
    reason?: string;
    /** Of a copy: what it is called from now on. */
    label?: string;
  }) => Promise<ActionResult>;
  revokeDecision: (input: { verdictId: number; reason?: string }) => Promise<ActionResult>;
  takeOver: (input: {
    instanceId: number;
    project: string;
    typedName: string;
    reason?: string;
  }) => Promise<ActionResult>;
  releaseConnection: (input: { id: number; typedName: string }) => Promise<ActionResult>;
  repointSide: (input: {
    id: number;
    side: Side;
    instance: { name: string; baseUrl: string; token: string };
    project: string;
  }) => Promise<ActionResult>;
  confirmInstance: (input: {
    id: number;
    reported: string;
    applicationId: string | null;
  }) => Promise<ActionResult>;
  renewToken: (input: { id: number; token: string }) => Promise<ActionResult>;
};
