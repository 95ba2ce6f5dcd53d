import { makeWebhookSecret } from "@/lib/api/operations/webhooks";
import { serve } from "@/lib/api/serve";

export const POST = serve(makeWebhookSecret);
