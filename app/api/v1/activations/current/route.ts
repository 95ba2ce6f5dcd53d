import { closeGate } from "@/lib/api/operations/gate";
import { serve } from "@/lib/api/serve";

export const DELETE = serve(closeGate);
