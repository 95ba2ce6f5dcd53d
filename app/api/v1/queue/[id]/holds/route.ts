import { holdEntry } from "@/lib/api/operations/queue";
import { serve } from "@/lib/api/serve";

export const POST = serve(holdEntry);
