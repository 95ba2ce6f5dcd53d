import { listInstances, makeInstance } from "@/lib/api/operations/instances";
import { serve } from "@/lib/api/serve";

export const GET = serve(listInstances);
export const POST = serve(makeInstance);
