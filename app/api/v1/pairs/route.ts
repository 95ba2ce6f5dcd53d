import { linkIssues, listAllPairs } from "@/lib/api/operations/pairs";
import { serve } from "@/lib/api/serve";

export const GET = serve(listAllPairs);
export const POST = serve(linkIssues);
