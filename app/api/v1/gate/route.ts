import { readGate } from "@/lib/api/operations/gate";
import { serve } from "@/lib/api/serve";

export const GET = serve(readGate);
