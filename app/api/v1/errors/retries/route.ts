import { retryErrorGroup } from "@/lib/api/operations/errors";
import { serve } from "@/lib/api/serve";

export const POST = serve(retryErrorGroup);
