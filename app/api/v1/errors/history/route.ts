import { listErrorHistory } from "@/lib/api/operations/errors";
import { serve } from "@/lib/api/serve";

export const GET = serve(listErrorHistory);
