import { renewInstanceToken } from "@/lib/api/operations/instances";
import { serve } from "@/lib/api/serve";

export const POST = serve(renewInstanceToken);
