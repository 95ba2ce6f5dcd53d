import { changeEnvironmentOfNode, readEnvironmentOfNode } from "@/lib/api/operations/node-settings";
import { serve } from "@/lib/api/serve";

export const GET = serve(readEnvironmentOfNode);
export const PUT = serve(changeEnvironmentOfNode);
