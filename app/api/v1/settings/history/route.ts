import { changePeriodsOfHistory, readHistoryOfNode } from "@/lib/api/operations/node-settings";
import { serve } from "@/lib/api/serve";

export const GET = serve(readHistoryOfNode);
export const PATCH = serve(changePeriodsOfHistory);
