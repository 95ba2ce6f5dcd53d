import { readErrors } from "@/lib/api/operations/errors";
import { serve } from "@/lib/api/serve";

export const GET = serve(readErrors);
