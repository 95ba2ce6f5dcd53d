import { readHealth } from "@/lib/api/operations/node";
import { serve } from "@/lib/api/serve";

export const GET = serve(readHealth);
