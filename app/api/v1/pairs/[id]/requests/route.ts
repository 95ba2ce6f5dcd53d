import { askPair } from "@/lib/api/operations/pairs";
import { serve } from "@/lib/api/serve";

export const POST = serve(askPair);
