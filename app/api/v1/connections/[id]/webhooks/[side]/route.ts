import { wantConnectionWebhook } from "@/lib/api/operations/webhooks";
import { serve } from "@/lib/api/serve";

export const PUT = serve(wantConnectionWebhook);
