import { listLivingTokens, makeToken } from "@/lib/api/operations/tokens";
import { serve } from "@/lib/api/serve";

export const GET = serve(listLivingTokens);
export const POST = serve(makeToken);
