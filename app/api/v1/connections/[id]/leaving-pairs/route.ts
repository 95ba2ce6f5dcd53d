import { findLeavingPairs } from "@/lib/api/operations/connection-changes";
import { serve } from "@/lib/api/serve";

export const POST = serve(findLeavingPairs);
