import { readConnectionWebhooks } from "@/lib/api/operations/webhooks";
import { serve } from "@/lib/api/serve";

export const GET = serve(readConnectionWebhooks);
