import { openGate } from "@/lib/api/operations/gate";
import { listPastActivations } from "@/lib/api/operations/history";
import { serve } from "@/lib/api/serve";

export const GET = serve(listPastActivations);
export const POST = serve(openGate);
