import { readDocument } from "@/lib/api/registry";
import { serve } from "@/lib/api/serve";

export const GET = serve(readDocument);
