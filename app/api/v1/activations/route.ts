import { openGate } from "@/lib/api/operations/gate";
import { serve } from "@/lib/api/serve";

export const POST = serve(openGate);
