import { readOneEntry } from "@/lib/api/operations/queue";
import { serve } from "@/lib/api/serve";

export const GET = serve(readOneEntry);
