import { releaseHeldConnection } from "@/lib/api/operations/connections";
import { serve } from "@/lib/api/serve";

export const POST = serve(releaseHeldConnection);
