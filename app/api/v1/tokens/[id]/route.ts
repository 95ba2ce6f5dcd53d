import { endToken } from "@/lib/api/operations/tokens";
import { serve } from "@/lib/api/serve";

export const DELETE = serve(endToken);
