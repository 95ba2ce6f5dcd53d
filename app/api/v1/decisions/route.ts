import { settleVerdict } from "@/lib/api/operations/activation";
import { serve } from "@/lib/api/serve";

export const POST = serve(settleVerdict);
