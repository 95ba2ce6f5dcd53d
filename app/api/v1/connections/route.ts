import { listConnections, makeConnection } from "@/lib/api/operations/connections";
import { serve } from "@/lib/api/serve";

export const GET = serve(listConnections);
export const POST = serve(makeConnection);
