import { takeDecisionBack } from "@/lib/api/operations/activation";
import { serve } from "@/lib/api/serve";

export const POST = serve(takeDecisionBack);
